// What `ai-implement init` puts into a repository, and what it says afterwards. Pure: the entry writes.
import { configJsonSchema } from '../config/json-schema.ts';
import { configText } from './config-text.ts';
import { contextTexts } from './context-texts.ts';
import { singleJobText } from './single-job-text.ts';
import { defaultActionReference } from './workflow-parts.ts';
import { workflowText } from './workflow-text.ts';

export interface InitFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

export interface InitPlan {
  readonly write: readonly InitFile[];
  /** Paths that are there already and stay as they are. */
  readonly kept: readonly string[];
}

const schemaPath = '.ai-agents/orchestrator-config.schema.json';

/** The schema as the configuration in the root names it. */
export const editorSchemaPath = `./${schemaPath}`;

const configPaths = ['orchestrator-config.json', '.ai-agents/orchestrator-config.json'];

export interface SetUp {
  /** Reference of the action in the workflow: `owner/name@ref`. */
  readonly action?: string;
  /** One job for agents and publishing, where two are the default. */
  readonly singleJob?: boolean;
}

/** All files of a new set-up. */
export function initFiles({ action = defaultActionReference, singleJob = false }: SetUp = {}): readonly InitFile[] {
  const workflow = singleJob ? singleJobText(action) : workflowText(action);
  return [
    { path: '.github/workflows/ai-implement.yml', content: workflow },
    { path: 'orchestrator-config.json', content: configText(editorSchemaPath) },
    { path: schemaPath, content: `${JSON.stringify(configJsonSchema(), null, 2)}\n` },
    ...Object.entries(contextTexts).map(([name, content]) => ({ path: `.ai-agents/context/${name}`, content })),
  ];
}

/**
 * Which of the files to write. A file that is there is kept unless `force`; a configuration at its other usual place
 * counts as there even then, since two of them are an error.
 */
export function planInit(files: readonly InitFile[], present: ReadonlySet<string>, force: boolean): InitPlan {
  const configThere = configPaths.filter((path) => present.has(path));
  const keeps = ({ path }: InitFile): boolean => {
    if (present.has(path)) return !force;
    return configPaths.includes(path) && configThere.length > 0;
  };
  return { write: files.filter((file) => !keeps(file)), kept: files.filter(keeps).map((file) => file.path) };
}

/** What to print after the files are written. */
export function initMessage({ write, kept }: InitPlan): string {
  return [
    ...write.map(({ path }) => `wrote  ${path}`),
    ...kept.map((path) => `kept   ${path} (there already; --force overwrites)`),
    '',
    'Next:',
    '1. Fill in .ai-agents/context/*.md, then commit and push these files to the default branch.',
    '2. Add the secret ANTHROPIC_API_KEY: Settings, Secrets and variables, Actions - or:',
    '     gh secret set ANTHROPIC_API_KEY',
    '3. Allow pull requests by workflows: Settings, Actions, General, Workflow permissions.',
    '4. Label an issue `ai-implement`.',
  ].join('\n');
}
