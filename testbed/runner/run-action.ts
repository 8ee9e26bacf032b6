// Starts one JavaScript action as the Actions runner does, with nothing of the toolkit replaced.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputEnvironment, readActionMetadata } from './action-metadata.ts';
import { createCommandFiles, type StepFiles } from './command-files.ts';
import { createCommandReader, type Annotation } from './workflow-commands.ts';
import { runStepProcess, type StepProcessEnd } from './step-process.ts';

export interface ActionRun {
  /** Holds action.yml. */
  readonly actionDirectory: string;
  readonly workspace: string;
  readonly event: { readonly name: string; readonly payload: unknown };
  readonly github: ActionContext;
  /** `with:` of the step; an input not given has its default. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values the runner hides because they are secrets of the repository. */
  readonly secrets?: readonly string[];
  readonly timeoutMs?: number;
  readonly graceMs?: readonly [interrupt: number, terminate: number];
  readonly cancel?: AbortSignal;
  readonly lose?: AbortSignal;
  /** The node to run it with; this one unless given. */
  readonly node?: string;
  /** Called right before the process is started. */
  readonly onStart?: () => void;
  /** Sees each line of the log as it comes, secrets hidden. */
  readonly onLine?: (line: string) => void;
}

/** The `github` context, as far as it reaches an action's environment. */
export interface ActionContext {
  /** `github.token`: reaches the action only through an input's default. */
  readonly token: string;
  /** Root of the server: GITHUB_API_URL, GITHUB_SERVER_URL, and with `/graphql` GITHUB_GRAPHQL_URL. */
  readonly url: string;
  /** `owner/name` */
  readonly repository: string;
  readonly actor: string;
  readonly sha: string;
  /** `refs/heads/main` unless given. */
  readonly ref?: string;
  readonly runId?: number;
  readonly runAttempt?: number;
  /** Id of the job; `implement` unless given. */
  readonly job?: string;
}

export interface ActionResult extends StepProcessEnd, Pick<StepFiles, 'outputs' | 'summary' | 'state'> {
  readonly durationMs: number;
  /** stdout and stderr together, secrets hidden. */
  readonly lines: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
}

/** GitHub's waiting times when a job is cancelled: docs.github.com/actions/reference/workflow-cancellation-reference. */
const GRACE_MS = [7500, 2500] as const;

/**
 * Runs the action to its end and reads what it left. An unreadable command file counts as an error annotation and, as
 * on the runner, as a failure. Rejects only when action.yml or the workspace is unusable.
 */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const metadata = await readActionMetadata(run.actionDirectory);
  const temporary = await mkdtemp(join(tmpdir(), 'runner-'));
  const startedAt = performance.now();
  try {
    const files = await createCommandFiles(temporary);
    const eventPath = join(temporary, 'event.json');
    await writeFile(eventPath, JSON.stringify(run.event.payload));
    await mkdir(join(temporary, '_temp'));
    const reader = createCommandReader([run.github.token, ...(run.secrets ?? [])]);
    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(reader.take(line));
      run.onLine?.(reader.hide(line));
    };
    for (const name of Object.keys(run.inputs ?? {}).filter((input) => !(input in metadata.defaults)))
      onLine(`::warning::Unexpected input(s) '${name}'`);
    run.onStart?.();
    const end = await runStepProcess({
      command: [run.node ?? process.execPath, metadata.main],
      cwd: run.workspace,
      env: {
        ...machineEnvironment(temporary),
        ...githubEnvironment(run, eventPath),
        ...files.environment,
        ...inputEnvironment(metadata, run.inputs ?? {}, run.github.token),
        ...run.env,
      },
      timeoutMs: run.timeoutMs ?? 10 * 60_000,
      graceMs: run.graceMs ?? GRACE_MS,
      cancel: run.cancel,
      lose: run.lose,
      onLine,
    });
    const { outputs, state, summary, errors } = await files.read();
    for (const error of errors) onLine(`::error::${error}`);
    const exitCode = errors.length > 0 && end.exitCode === 0 ? 1 : end.exitCode;
    const durationMs = Math.round(performance.now() - startedAt);
    const { annotations, masks } = reader;
    return { ...end, exitCode, durationMs, outputs, state, summary, lines, annotations, masks };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Of this process's own environment an action sees three names and no more. */
function machineEnvironment(temporary: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: process.env['HOME'] ?? '/root',
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    CI: 'true',
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'embedded',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_TEMP: join(temporary, '_temp'),
    RUNNER_TOOL_CACHE: join(temporary, '_tool'),
  };
}

function githubEnvironment(
  { event, github, workspace }: ActionRun,
  eventPath: string,
): Readonly<Record<string, string>> {
  const ref = github.ref ?? 'refs/heads/main';
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'ai-implement',
    GITHUB_ACTOR: github.actor,
    GITHUB_TRIGGERING_ACTOR: github.actor,
    GITHUB_API_URL: github.url,
    GITHUB_SERVER_URL: github.url,
    GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: github.job ?? 'implement',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags)\//, ''),
    GITHUB_REF_TYPE: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    GITHUB_REPOSITORY: github.repository,
    GITHUB_REPOSITORY_OWNER: github.repository.split('/')[0] ?? '',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: String(github.runAttempt ?? 1),
    GITHUB_RUN_ID: String(github.runId ?? 1),
    GITHUB_RUN_NUMBER: String(github.runId ?? 1),
    GITHUB_SHA: github.sha,
    GITHUB_WORKFLOW: 'ai-implement',
    GITHUB_WORKSPACE: workspace,
  };
}
