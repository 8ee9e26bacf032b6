// A project on an embedded GitHub, and the real bundle run on its events as a runner would: event in, facts out.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commentEvent, dispatchEvent, labeledEvent, type WebhookEvent } from '../../testbed/github/events.ts';
import { createOpenApiJudge } from '../../testbed/github/openapi-judge.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer, JobPermissions, LogEntry, Role } from '../../testbed/github/types.ts';
import { byAgent, type Line } from '../../testbed/model/script.ts';
import { startModelServer, type ModelServer } from '../../testbed/model/server.ts';
import { checkout } from '../../testbed/runner/checkout.ts';
import { runAction, type ActionResult } from '../../testbed/runner/run-action.ts';
import { repositoryFacts, type CommentFact, type PullRequestFact, type RepositoryFacts } from './scenario-facts.ts';
import { sampleFiles } from './scenario-files.ts';
import { unsoundness } from './scenario-soundness.ts';

export const REPOSITORY = 'acme/greeter';
const OWNER = 'acme';
/** Has write access; `reader` has read access; `stranger` has no role. */
export const WRITER = 'writer';
const API_KEY = `sk-ant-api03-${randomBytes(24).toString('hex')}`;
const ACTION = fileURLToPath(new URL('../../', import.meta.url));
/** What examples/ai-implement.yml gives the job. */
export const JOB_PERMISSIONS = { contents: 'write', issues: 'write', 'pull-requests': 'write' } as const;
const RUN_LIMIT_MS = 90_000;

const judge = createOpenApiJudge();

export interface ProjectOptions {
  /** The sample project unless given; null leaves the repository without a commit. */
  readonly files?: Readonly<Record<string, string>> | null;
  /** Files beside or over those, as a configuration. */
  readonly with?: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly body?: string;
  readonly actionsMayOpenPullRequests?: boolean;
}

export interface RunOptions {
  /** What the model says; a request that no line foresees fails the scenario. */
  readonly model?: readonly Line[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly permissions?: JobPermissions;
  /** `fetch-depth` of the checkout; 0 as in our example. */
  readonly depth?: number;
  /** Cancels the job as the button of GitHub does. */
  readonly cancel?: AbortSignal;
  /** Faults of the embedded services that this run is expected to show, each with the reason beside it. */
  readonly tolerates?: readonly RegExp[];
}

/** A run with all that it left, read from outside. */
export interface ScenarioRun extends Pick<ActionResult, 'exitCode' | 'outputs' | 'summary' | 'annotations'> {
  readonly log: string;
  /** The HTML report, empty where none was written. */
  readonly report: string;
  /** Comments on the issue, and reactions to it. */
  readonly comments: readonly CommentFact[];
  readonly reactions: readonly string[];
  readonly pullRequests: readonly PullRequestFact[];
  readonly branches: Readonly<Record<string, string>>;
  readonly modelRequests: ModelServer['requests'];
  /** Requests of this run to GitHub. */
  readonly githubRequests: readonly LogEntry[];
}

export interface Project extends RepositoryFacts {
  readonly github: GitHubServer;
  readonly issueNumber: number;
  labelled(by: string, label?: string): Promise<WebhookEvent>;
  /** A comment, on our issue unless another number is given. */
  commented(by: string, body: string, onNumber?: number): Promise<WebhookEvent>;
  dispatched(by: string, inputs: Readonly<Record<string, string>>): Promise<WebhookEvent>;
  /** Runs the bundle on an event. Rejects when the run shows a secret, leaves something behind or breaks a rule. */
  run(event: WebhookEvent, options?: RunOptions): Promise<ScenarioRun>;
}

const open: (() => Promise<void>)[] = [];

/** Ends all projects of a test. */
export async function closeProjects(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()));
}

/** `acme/greeter` with the sample project and one issue of a stranger. */
export async function startProject(options: ProjectOptions = {}): Promise<Project> {
  const { title = 'Teach it to say goodbye', body = 'It can only greet.' } = options;
  const collaborators: Readonly<Record<string, Role>> = { [WRITER]: 'write', reader: 'read' };
  const github = await startGitHub({
    users: ['stranger'],
    repositories: [
      {
        name: REPOSITORY,
        collaborators,
        actionsMayOpenPullRequests: options.actionsMayOpenPullRequests ?? true,
      },
    ],
    judge,
  });
  open.push(() => github.close());
  if (options.files !== null)
    await github.seedRepository(REPOSITORY, { ...(options.files ?? sampleFiles), ...options.with });
  const issue = await github.createIssue({ repository: REPOSITORY, title, body, author: 'stranger' });
  const repository = { repository: REPOSITORY };
  let runs = 0;
  return {
    ...repositoryFacts(github, REPOSITORY),
    github,
    issueNumber: issue.number,
    labelled: (sender, label = 'ai-implement') =>
      labeledEvent(github, { ...repository, issueNumber: issue.number, label, sender }),
    async commented(author, words, issueNumber = issue.number) {
      const { id } = await github.createComment({ ...repository, issueNumber, body: words, author });
      return commentEvent(github, { ...repository, commentId: id });
    },
    dispatched: (sender, inputs) => dispatchEvent(github, { ...repository, sender, inputs }),
    run(event, how = {}) {
      runs += 1;
      return runScenario(github, issue.number, event, { ...how, runId: 100 + runs });
    },
  };
}

/** Expects how the run ended; throws with its log. */
export function expectStatus(run: ScenarioRun, status: string): void {
  const ended = run.outputs['status'] ?? 'without a status';
  if (ended !== status) throw new Error(`The run ended ${ended}, not ${status}:\n\n${run.log}`);
}

type NumberedRun = RunOptions & { readonly runId: number };

async function runScenario(
  github: GitHubServer,
  issueNumber: number,
  event: WebhookEvent,
  options: NumberedRun,
): Promise<ScenarioRun> {
  const model = await startModelServer({ script: byAgent(...(options.model ?? [])), apiKey: API_KEY });
  const directory = await mkdtemp(join(tmpdir(), 'scenario-'));
  try {
    const { result, sound, before } = await runBundle({ github, model, directory, event, options });
    if (sound.length > 0) throw new Error(`${sound.join('\n')}\n\n${result.lines.join('\n')}`);
    const facts = repositoryFacts(github, REPOSITORY);
    return {
      ...result,
      log: result.lines.join('\n'),
      report: await readFile(result.outputs['report'] || '/nonexistent', 'utf8').catch(() => ''),
      comments: await facts.comments(issueNumber),
      reactions: await facts.reactions(`issues/${issueNumber}`),
      pullRequests: await facts.pullRequests(),
      branches: await facts.branches(),
      modelRequests: model.requests,
      githubRequests: github.log.slice(before),
    };
  } finally {
    await model.close();
    await rm(directory, { recursive: true, force: true });
  }
}

interface Bundle {
  readonly github: GitHubServer;
  readonly model: ModelServer;
  readonly directory: string;
  readonly event: WebhookEvent;
  readonly options: NumberedRun;
}

async function runBundle(run: Bundle): Promise<{ result: ActionResult; sound: readonly string[]; before: number }> {
  const { github, model, directory, event, options } = run;
  const [workspace, runnerTemp, temporary] = await Promise.all(
    ['workspace', 'runner', 'tmp'].map(async (name) => {
      await mkdir(join(directory, name));
      return join(directory, name);
    }),
  );
  if (workspace === undefined || runnerTemp === undefined || temporary === undefined) throw new Error('unreachable');
  const token = github.mintToken(options.permissions ?? JOB_PERMISSIONS, REPOSITORY);
  const sha = await checkOut(github, workspace, token, options.depth ?? 0);
  const before = github.log.length;
  const processMark = join(directory, 'no-such-bin');
  let lastLineAt = performance.now();
  const result = await runAction({
    actionDirectory: ACTION,
    workspace,
    event,
    github: { token, url: github.url, repository: REPOSITORY, actor: senderOf(event), sha, runId: options.runId },
    inputs: { ...workflowInputs(event, model), ...options.inputs },
    env: { PATH: `${process.env['PATH'] ?? ''}:${processMark}`, RUNNER_TEMP: runnerTemp, TMPDIR: temporary },
    timeoutMs: RUN_LIMIT_MS,
    ...(options.cancel === undefined ? {} : { cancel: options.cancel }),
    onLine: () => {
      lastLineAt = performance.now();
    },
  });
  const lingeredMs = Math.round(performance.now() - lastLineAt);
  const { allObjects } = repositoryFacts(github, REPOSITORY);
  const found = await unsoundness({
    result,
    lingeredMs,
    github,
    model,
    secrets: [token, API_KEY],
    processMark,
    workspace,
    runnerTemp,
    temporary,
    allObjects: await allObjects(),
  });
  return { result, before, sound: found.filter((one) => !options.tolerates?.some((known) => known.test(one))) };
}

/** A repository without a commit cannot be checked out: it is then only made. */
async function checkOut(github: GitHubServer, directory: string, token: string, depth: number): Promise<string> {
  const branches = await repositoryFacts(github, REPOSITORY).branches();
  const cloneUrl = github.cloneUrl(REPOSITORY);
  if ('main' in branches) return checkout({ cloneUrl, token, directory, depth });
  await promisify(execFile)('git', ['-C', directory, 'init', '--quiet', '--initial-branch=main']);
  await promisify(execFile)('git', ['-C', directory, 'remote', 'add', 'origin', cloneUrl]);
  return '0'.repeat(40);
}

/** What the step of examples/ai-implement.yml passes: an event without inputs gives empty ones. */
function workflowInputs({ payload }: WebhookEvent, model: ModelServer): Readonly<Record<string, string>> {
  const given: Readonly<Record<string, string>> = Object(payload['inputs']);
  const passed = ['issue-number', 'feature', 'command'].map((name) => [name, given[name] ?? '']);
  return { 'anthropic-api-key': API_KEY, 'anthropic-base-url': model.url, ...Object.fromEntries(passed) };
}

const senderOf = ({ payload }: WebhookEvent): string => String(Object(payload['sender']).login ?? OWNER);
