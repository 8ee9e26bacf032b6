// A project on an embedded GitHub with one of our workflow files, run on an event as GitHub would: jobs, tokens and artifacts
// as the file says, the real bundle in each step. Event in, facts out.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commentEvent, dispatchEvent, labeledEvent, type WebhookEvent } from '../../testbed/github/events.ts';
import { createOpenApiJudge } from '../../testbed/github/openapi-judge.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer } from '../../testbed/github/types.ts';
import { byAgent, type Line } from '../../testbed/model/script.ts';
import type { JobEnd, StepCall } from '../../testbed/runner/run-job.ts';
import { runWorkflow, type WorkflowEnd, type WorkflowRun } from '../../testbed/runner/run-workflow.ts';
import { actionStandIn, checkoutStandIn, downloadStandIn, uploadStandIn } from '../../testbed/runner/stand-ins.ts';
import { repositoryFacts, type RepositoryFacts } from './scenario-facts.ts';
import { sampleFiles } from './scenario-files.ts';
import { contentReviewer } from './scenario-model.ts';
import { API_KEY, startScenarioModel, type ScenarioModel } from './scenario-provider.ts';
import { REPOSITORY, WRITER } from './scenario.ts';

const ACTION = fileURLToPath(new URL('../../', import.meta.url));
const STEP_LIMIT_MS = 90_000;
const judge = createOpenApiJudge();

export interface WorkflowProjectOptions {
  /** What the model says; a request that no line foresees fails the run. */
  readonly model: readonly Line[];
  /** Files beside those of the sample project. */
  readonly files?: Readonly<Record<string, string>>;
  /** Beside the address of the model. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface WorkflowOptions extends Partial<Pick<WorkflowRun, 'cancel' | 'earlier'>> {
  /** Below `examples/`; of two jobs unless given. */
  readonly file?: string;
  /** Changes the text of the file, which is else run as it is shipped. */
  readonly edit?: (text: string) => string;
  /** Called between jobs, with the folder of all artifacts; may change both. */
  readonly between?: (job: JobEnd, artifacts: string) => Promise<JobEnd>;
  readonly runAttempt?: number;
  /** Sees each line of our steps' logs. */
  readonly onLine?: (line: string) => void;
}

export interface WorkflowFacts extends WorkflowEnd {
  readonly job: (id: string) => JobEnd;
  /** All that our step of the job wrote. */
  readonly log: (id: string) => string;
  /** What our step was given, by job. */
  readonly calls: ReadonlyMap<string, StepCall>;
}

export interface WorkflowProject extends RepositoryFacts {
  readonly github: GitHubServer;
  readonly model: ScenarioModel;
  readonly issueNumber: number;
  labelled(by: string): Promise<WebhookEvent>;
  commented(by: string, body: string, onNumber?: number): Promise<WebhookEvent>;
  dispatched(by: string, inputs: Readonly<Record<string, string>>): Promise<WebhookEvent>;
  run(event: WebhookEvent, options?: WorkflowOptions): Promise<WorkflowFacts>;
}

const open: (() => Promise<void>)[] = [];

/** Ends all projects of a test. */
export async function closeWorkflowProjects(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()));
}

/** `acme/greeter` with the sample project, a configuration that names the scripted model, and one issue of a stranger. */
export async function startWorkflowProject(options: WorkflowProjectOptions): Promise<WorkflowProject> {
  const repositories = [{ name: REPOSITORY, collaborators: { [WRITER]: 'write' } as const }];
  const github = await startGitHub({ users: ['stranger'], repositories, judge });
  const model = await startScenarioModel('anthropic', byAgent(...options.model, contentReviewer));
  const directory = await mkdtemp(join(tmpdir(), 'workflow-'));
  open.push(async () => {
    await Promise.all([github.close(), model.close()]);
    await rm(directory, { recursive: true, force: true });
  });
  const config = { base_url: model.inputs['anthropic-base-url'], ...options.config };
  const files = { ...sampleFiles, ...options.files, 'orchestrator-config.json': JSON.stringify(config) };
  await github.seedRepository(REPOSITORY, files);
  const text = { title: 'Teach it to say goodbye', body: 'It can only greet.' };
  const issue = await github.createIssue({ repository: REPOSITORY, ...text, author: 'stranger' });
  const repository = { repository: REPOSITORY };
  let runs = 0;
  let starts = 0;
  return {
    ...repositoryFacts(github, REPOSITORY),
    ...{ github, model, issueNumber: issue.number },
    labelled: (sender) =>
      labeledEvent(github, { ...repository, issueNumber: issue.number, label: 'ai-implement', sender }),
    async commented(author, words, issueNumber = issue.number) {
      const { id } = await github.createComment({ ...repository, issueNumber, body: words, author });
      return commentEvent(github, { ...repository, commentId: id });
    },
    dispatched: (sender, inputs) => dispatchEvent(github, { ...repository, sender, inputs }),
    run(event, how = {}) {
      runs += how.earlier === undefined ? 1 : 0;
      starts += 1;
      const places = { artifacts: join(directory, `artifacts-${runs}`), directory: join(directory, `start-${starts}`) };
      return runFile({ github, model, ...places, runId: 100 + runs, event, how });
    },
  };
}

interface FileRun {
  readonly github: GitHubServer;
  readonly model: ScenarioModel;
  readonly directory: string;
  /** The same for all attempts of a run. */
  readonly artifacts: string;
  readonly runId: number;
  readonly event: WebhookEvent;
  readonly how: WorkflowOptions;
}

/** Rejects when a secret was shown, or a rule of a service was broken. */
async function runFile(run: FileRun): Promise<WorkflowFacts> {
  const { github, directory, artifacts, runId, event, how } = run;
  const { file = 'ai-implement.yml', edit = (text: string) => text, runAttempt = 1, between } = how;
  const path = fileURLToPath(new URL(`../../examples/${file}`, import.meta.url));
  const sha = (await repositoryFacts(github, REPOSITORY).branches())['main'] ?? '';
  const calls = new Map<string, StepCall>();
  const context = { repository: REPOSITORY, sha, ref: 'refs/heads/main', actor: senderOf(event), runId, runAttempt };
  const ours = actionStandIn({
    ...{ actionDirectory: ACTION, event, timeoutMs: STEP_LIMIT_MS },
    github: { url: github.url, ...context },
    ...(how.onLine === undefined ? {} : { onLine: how.onLine }),
  });
  const ended = await runWorkflow({
    ...{ path: `.github/workflows/${file}`, content: edit(await readFile(path, 'utf8')), event, github: context },
    secrets: { ANTHROPIC_API_KEY: API_KEY },
    mintToken: (permissions) => github.mintToken(permissions, REPOSITORY),
    directory,
    actions: {
      'actions/checkout': checkoutStandIn(github.cloneUrl(REPOSITORY), sha),
      'actions/upload-artifact': uploadStandIn(artifacts),
      'actions/download-artifact': downloadStandIn(artifacts),
      'ai-implement/ai-implement': (call) => {
        calls.set(call.job, call);
        return ours(call);
      },
    },
    ...(how.cancel === undefined ? {} : { cancel: how.cancel }),
    ...(how.earlier === undefined ? {} : { earlier: how.earlier }),
    ...(between === undefined ? {} : { onJobEnd: (job) => between(job, artifacts) }),
  });
  requireSound(run, ended);
  const job = (id: string): JobEnd => {
    const found = ended.jobs.find((one) => one.id === id);
    if (found === undefined) throw new Error(`there is no job ${id}`);
    return found;
  };
  const log = (id: string): string =>
    job(id)
      .steps.flatMap(({ lines }) => lines ?? [])
      .join('\n');
  return { ...ended, job, log, calls };
}

function requireSound({ github, model }: FileRun, { jobs }: WorkflowEnd): void {
  const secrets = [API_KEY, ...jobs.map(({ token }) => token)].filter(Boolean);
  const shown = jobs.flatMap(({ id, steps, outputs }) => {
    // What a step asked to hide is no output of it.
    const text = JSON.stringify([steps.map(({ masks: _, ...step }) => step), outputs]);
    return secrets.some((secret) => text.includes(secret)) ? [`a secret in job ${id}`] : [];
  });
  const sent = github.log.some(({ body }) => JSON.stringify(body ?? '').includes(API_KEY)) ? ['the key at GitHub'] : [];
  const refusals = model.refusals.map(({ status, message }) => `model: ${status} ${message}`);
  const found = [...github.problems, ...refusals, ...shown, ...sent];
  const logs = jobs.map(({ id, steps }) => [`== ${id}`, ...steps.flatMap(({ lines }) => lines ?? [])].join('\n'));
  if (found.length > 0) throw new Error(`${found.join('\n')}\n\n${logs.join('\n')}`);
}

const senderOf = ({ payload }: WebhookEvent): string => String(Object(payload['sender']).login ?? 'nobody');
