// A project on an embedded GitHub, and the real bundle run on its events as a runner would: event in, facts out.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commentEvent, dispatchEvent, labeledEvent, type WebhookEvent } from '../../testbed/github/events.ts';
import { createOpenApiJudge } from '../../testbed/github/openapi-judge.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer, LogEntry, Role } from '../../testbed/github/types.ts';
import { byAgent, type Line } from '../../testbed/model/script.ts';
import type { ActionResult } from '../../testbed/runner/run-action.ts';
import { runBundle, type BundleOptions } from './scenario-bundle.ts';
import { repositoryFacts, type CommentFact, type PullRequestFact, type RepositoryFacts } from './scenario-facts.ts';
import { contentReviewer } from './scenario-model.ts';
import { sampleFiles } from './scenario-files.ts';
import {
  filesFor,
  startScenarioModel,
  suiteProvider,
  type ScenarioModel,
  type ScenarioProvider,
} from './scenario-provider.ts';

export const REPOSITORY = 'acme/greeter';
/** Has write access; `reader` has read access, `triager` that of triage; `stranger` has no role. */
export const WRITER = 'writer';

const judge = createOpenApiJudge();

export interface ProjectOptions {
  /** The sample project unless given; null leaves the repository without a commit. */
  readonly files?: Readonly<Record<string, string>> | null;
  /** Files beside or over those, as a configuration. */
  readonly with?: Readonly<Record<string, string>>;
  readonly title?: string;
  readonly body?: string;
  readonly actionsMayOpenPullRequests?: boolean;
  readonly protectedBranches?: readonly string[];
  /** Types of the active rules of every branch. */
  readonly rules?: readonly string[];
  /** Accounts of apps, as `renovate[bot]`. */
  readonly bots?: readonly string[];
  /** Whose protocol the model's server speaks. */
  readonly provider?: ScenarioProvider;
}

export interface RunOptions extends BundleOptions {
  /** What the model says; a request that no line foresees fails the scenario. */
  readonly model?: readonly Line[];
  /** Looks at what the run left on its runner, before that is removed. */
  readonly look?: (runnerTemp: string) => Promise<void>;
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
  /** Heads of all branches but those of the runs' records. */
  readonly branches: Readonly<Record<string, string>>;
  readonly modelRequests: ScenarioModel['requests'];
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
  const collaborators: Readonly<Record<string, Role>> = { [WRITER]: 'write', reader: 'read', triager: 'triage' };
  const github = await startGitHub({
    users: ['stranger', ...(options.bots ?? [])],
    repositories: [
      {
        name: REPOSITORY,
        collaborators,
        actionsMayOpenPullRequests: options.actionsMayOpenPullRequests ?? true,
        // What nothing is warned of, where it is not what a scenario is about.
        protectedBranches: options.protectedBranches ?? ['main'],
        rules: options.rules ?? [],
      },
    ],
    judge,
  });
  open.push(() => github.close());
  const provider = options.provider ?? suiteProvider;
  if (options.files !== null)
    await github.seedRepository(REPOSITORY, filesFor(provider, { ...(options.files ?? sampleFiles), ...options.with }));
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
      return runScenario(github, issue.number, event, { ...how, provider, runId: 100 + runs });
    },
  };
}

/** Expects how the run ended; throws with its log. */
export function expectStatus(run: ScenarioRun, status: string): void {
  const ended = run.outputs['status'] ?? 'without a status';
  if (ended !== status) throw new Error(`The run ended ${ended}, not ${status}:\n\n${run.log}`);
}

async function runScenario(
  github: GitHubServer,
  issueNumber: number,
  event: WebhookEvent,
  options: RunOptions & { readonly runId: number; readonly provider: ScenarioProvider },
): Promise<ScenarioRun> {
  const model = await startScenarioModel(options.provider, byAgent(...(options.model ?? []), contentReviewer));
  const directory = await mkdtemp(join(tmpdir(), 'scenario-'));
  const { runId } = options;
  try {
    const ended = await runBundle({ github, repository: REPOSITORY, model, directory, event, runId, options });
    const { result, findings, requestsBefore } = ended;
    if (findings.length > 0) throw new Error(`${findings.join('\n')}\n\n${result.lines.join('\n')}`);
    await options.look?.(join(directory, 'runner'));
    const facts = repositoryFacts(github, REPOSITORY);
    return {
      ...result,
      log: result.lines.join('\n'),
      report: await readFile(result.outputs['report'] || '/nonexistent', 'utf8').catch(() => ''),
      comments: await facts.comments(issueNumber),
      reactions: await facts.reactions(`issues/${issueNumber}`),
      pullRequests: await facts.pullRequests(),
      branches: work(await facts.branches()),
      modelRequests: model.requests,
      githubRequests: github.log.slice(requestsBefore),
    };
  } finally {
    await model.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Without the branches that hold records of runs, which are there after each of them. */
const work = (branches: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(branches).filter(([name]) => !name.startsWith('ai/state/')));
