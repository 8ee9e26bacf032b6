// The real bundle on one event, started as a runner would start it from examples/ai-implement.yml.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { WebhookEvent } from '../../testbed/github/events.ts';
import type { GitHubServer, JobPermissions } from '../../testbed/github/types.ts';
import { checkout } from '../../testbed/runner/checkout.ts';
import { runAction, type ActionResult } from '../../testbed/runner/run-action.ts';
import { repositoryFacts } from './scenario-facts.ts';
import { API_KEY, type ScenarioModel } from './scenario-provider.ts';
import { unsoundness } from './scenario-soundness.ts';

const ACTION = fileURLToPath(new URL('../../', import.meta.url));
/** What examples/ai-implement.yml gives the job. */
const JOB_PERMISSIONS = { contents: 'write', issues: 'write', 'pull-requests': 'write' } as const;
const RUN_LIMIT_MS = 90_000;

export interface BundleOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly permissions?: JobPermissions;
  /** `fetch-depth` of the checkout; 0 as in our example. */
  readonly depth?: number;
  /** Cancels the job as the button of GitHub does. */
  readonly cancel?: AbortSignal;
  /** Loses the machine: everything is killed at once. */
  readonly lose?: AbortSignal;
  /** A re-run: the id of the run that is tried again, and which attempt this is. */
  readonly rerun?: { readonly runId: number; readonly attempt: number };
  /** Further texts that must show up nowhere: forms of a secret. */
  readonly hides?: readonly string[];
  /** `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
  /** Findings that this run is expected to have, each with the reason beside it. */
  readonly tolerates?: readonly RegExp[];
}

export interface BundleRun {
  readonly github: GitHubServer;
  readonly repository: string;
  readonly model: ScenarioModel;
  /** An empty directory for all that the run leaves. */
  readonly directory: string;
  readonly event: WebhookEvent;
  readonly runId: number;
  readonly options: BundleOptions;
}

export interface EndedBundle {
  readonly result: ActionResult;
  /** What the run did that no run may do. */
  readonly findings: readonly string[];
  /** Requests in GitHub's log when it started. */
  readonly requestsBefore: number;
}

/** Checks out, runs to the end and looks at what was left. */
export async function runBundle(run: BundleRun): Promise<EndedBundle> {
  const { github, repository, model, event, options } = run;
  const places = { workspace: join(run.directory, 'workspace'), runnerTemp: join(run.directory, 'runner') };
  const temporary = join(run.directory, 'tmp');
  for (const path of [places.workspace, places.runnerTemp, temporary]) await mkdir(path);
  const token = github.mintToken(options.permissions ?? JOB_PERMISSIONS, repository);
  const sha = await checkOut(run, places.workspace, token);
  const requestsBefore = github.log.length;
  const processMark = join(run.directory, 'no-such-bin');
  let lastLineAt = performance.now();
  const result = await runAction({
    actionDirectory: ACTION,
    workspace: places.workspace,
    event,
    github: { token, url: github.url, repository, actor: senderOf(event), sha, ...idOf(run) },
    inputs: { ...workflowInputs(event, model), ...options.inputs },
    env: {
      ...options.env,
      PATH: `${process.env['PATH'] ?? ''}:${processMark}`,
      RUNNER_TEMP: places.runnerTemp,
      TMPDIR: temporary,
    },
    timeoutMs: RUN_LIMIT_MS,
    ...(options.cancel === undefined ? {} : { cancel: options.cancel }),
    ...(options.lose === undefined ? {} : { lose: options.lose }),
    onLine: () => {
      lastLineAt = performance.now();
    },
  });
  const lingeredMs = Math.round(performance.now() - lastLineAt);
  const allObjects = await repositoryFacts(github, repository).allObjects();
  const secrets = [token, API_KEY, ...(options.hides ?? [])];
  const found = await unsoundness({
    result,
    lingeredMs,
    github,
    model,
    secrets,
    processMark,
    ...places,
    temporary,
    allObjects,
  });
  const findings = found.filter((one) => !options.tolerates?.some((known) => known.test(one)));
  return { result, findings, requestsBefore };
}

const idOf = ({ runId, options: { rerun } }: BundleRun) =>
  rerun === undefined ? { runId } : { runId: rerun.runId, runAttempt: rerun.attempt };

/** A repository without a commit cannot be checked out: it is then only made. */
async function checkOut({ github, repository, options }: BundleRun, directory: string, token: string): Promise<string> {
  const branches = await repositoryFacts(github, repository).branches();
  const cloneUrl = github.cloneUrl(repository);
  if ('main' in branches) return checkout({ cloneUrl, token, directory, depth: options.depth ?? 0 });
  await promisify(execFile)('git', ['-C', directory, 'init', '--quiet', '--initial-branch=main']);
  await promisify(execFile)('git', ['-C', directory, 'remote', 'add', 'origin', cloneUrl]);
  return '0'.repeat(40);
}

/** What the step of the workflow passes: an event without inputs gives empty ones. */
function workflowInputs({ payload }: WebhookEvent, model: ScenarioModel): Readonly<Record<string, string>> {
  const given: Readonly<Record<string, string>> = Object(payload['inputs']);
  const passed = ['issue-number', 'feature', 'command'].map((name) => [name, given[name] ?? '']);
  return { ...model.inputs, ...Object.fromEntries(passed) };
}

const senderOf = ({ payload }: WebhookEvent): string => String(Object(payload['sender']).login ?? 'nobody');
