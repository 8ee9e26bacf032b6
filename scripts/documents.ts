// Every file of the repository that is made from definitions in src/, as a list. scripts/generate.mjs writes or checks them.
import { stringify } from 'yaml';
import { inputHelp } from '../src/config/input-help.ts';
import { inputDefinition, inputNames } from '../src/config/inputs.ts';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { outputs } from '../src/config/outputs.ts';
import { configText } from '../src/init/config-text.ts';
import { editorSchemaPath } from '../src/init/init-files.ts';
import { singleJobText } from '../src/init/single-job-text.ts';
import { workflowText } from '../src/init/workflow-text.ts';
import { teamCommunicationJsonSchema } from '../src/journal/team-communication-schema.ts';
import {
  errorTable,
  inputTable,
  modelPrices,
  optionTable,
  outputTable,
  protectedPathList,
  registryHostList,
  roleTable,
  ruleTable,
} from './tables.ts';

interface Document {
  readonly path: string;
  readonly content: string;
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** All generated files. @param read gives the present text of a file whose generated parts lie between markers. */
export function documents(read: (path: string) => string): readonly Document[] {
  return [
    { path: 'action.yml', content: actionYaml() },
    { path: 'schema/orchestrator-config.schema.json', content: jsonText(configJsonSchema()) },
    { path: 'schema/team-communication.schema.json', content: jsonText(teamCommunicationJsonSchema()) },
    { path: 'examples/ai-implement.yml', content: workflowText() },
    { path: 'examples/ai-implement-single-job.yml', content: singleJobText() },
    { path: '.github/workflows/ai-implement.yml', content: workflowText('./') },
    { path: 'examples/orchestrator-config.json', content: configText(editorSchemaPath) },
    {
      path: 'README.md',
      content: fill(fill(read('README.md'), 'inputs', inputTable()), 'outputs', outputTable()),
    },
    { path: 'docs/configuration.md', content: configurationPage(read('docs/configuration.md')) },
    { path: 'docs/errors.md', content: fill(read('docs/errors.md'), 'errors', errorTable()) },
  ];
}

function configurationPage(page: string): string {
  const policy = { protected: protectedPathList(), rules: ruleTable(), registries: registryHostList() };
  const parts = { options: optionTable(), agents: roleTable(), ...policy, models: modelPrices() };
  return Object.entries(parts).reduce((text, [name, content]) => fill(text, name, content), page);
}

/** Puts `content` between the markers of `name`; both must be there. */
function fill(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the markers ${start} and ${end} are missing`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function actionYaml(): string {
  const action = {
    name: 'ai-implement',
    description: 'Label an issue, get a pull request that states only what was measured.',
    author: 'ai-implement contributors',
    branding: { icon: 'git-pull-request', color: 'purple' },
    inputs: Object.fromEntries(inputNames.map((name) => [name, actionInput(name)])),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, description]) => [name, { description }])),
    runs: { using: 'node24', main: 'dist/action.cjs' },
  };
  return `# Made from src/config/ by \`npm run generate\`; do not edit.\n${stringify(action, { lineWidth: 0 })}`;
}

function actionInput(name: (typeof inputNames)[number]) {
  const definition = inputDefinition(name);
  const { description, allowed, default: fallback } = inputHelp(name);
  if (definition.key === null) return { description, required: false, default: definition.default ?? '' };
  const rest = [allowed === '' ? '' : `Allowed: ${allowed}.`, fallback === '' ? '' : `Default: ${fallback}.`];
  // No default here: it would hide what the configuration file says.
  return { description: [description, ...rest].filter((part) => part !== '').join(' '), required: false, default: '' };
}
