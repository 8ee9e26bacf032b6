// One job of a workflow: a token of its own permissions, its steps one after another, and its outputs.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate, isTruthy, textOf, textsOf, fields, valueOf, type Contexts, type Status } from './expressions.ts';
import type { Annotation } from './workflow-commands.ts';
import type { WorkflowJob, WorkflowStep } from './workflow-file.ts';

/** What stands in for an action. */
export type StandIn = (call: StepCall) => Promise<StepDone>;

export interface StepCall {
  readonly with: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly job: string;
  readonly token: string;
  readonly workspace: string;
  /** RUNNER_TEMP, the same for all steps of a job. */
  readonly runnerTemp: string;
  /** Values that the runner hides. */
  readonly secrets: readonly string[];
  readonly cancel: AbortSignal | undefined;
}

export interface StepDone {
  readonly exitCode: number | null;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly lines?: readonly string[];
  readonly annotations?: readonly Annotation[];
  readonly summary?: string;
  /** Values that the step asked to hide. */
  readonly masks?: readonly string[];
}

export interface StepEnd extends StepDone {
  readonly id: string;
  readonly uses: string;
  readonly outcome: 'success' | 'failure' | 'cancelled' | 'skipped';
}

export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface JobEnd {
  readonly id: string;
  readonly result: JobResult;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepEnd[];
  /** As its token has them; none for a job that was skipped. */
  readonly permissions: Readonly<Record<string, string>>;
  readonly token: string;
}

export interface JobRun {
  readonly job: WorkflowJob;
  readonly contexts: Contexts;
  readonly secrets: Readonly<Record<string, string>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly token: string;
  /** An empty directory. */
  readonly directory: string;
  readonly actions: Readonly<Record<string, StandIn>>;
  readonly cancel: AbortSignal | undefined;
}

/** Runs the steps. Rejects for an action that nothing stands in for. */
export async function runJob(given: JobRun): Promise<JobEnd> {
  // A job that begins although the run was cancelled is let run: its own status decides in its steps.
  const run = { ...given, cancel: given.cancel?.aborted === true ? undefined : given.cancel };
  const { job, permissions, token, cancel } = run;
  const workspace = join(run.directory, 'workspace');
  const runnerTemp = join(run.directory, 'temp');
  for (const path of [workspace, runnerTemp]) await mkdir(path, { recursive: true });
  const steps: StepEnd[] = [];
  const contexts = (): Contexts => ({
    ...run.contexts,
    github: { ...Object(run.contexts['github']), token, job: job.id, workspace },
    runner: { os: 'Linux', arch: 'X64', temp: runnerTemp },
    steps: Object.fromEntries(steps.map((step) => [step.id, stepContext(step)])),
  });
  for (const step of job.steps) {
    const status = statusOf(steps, cancel);
    steps.push(await runStep(step, { run, contexts: contexts(), status, workspace, runnerTemp }));
  }
  const { cancelled, failure } = statusOf(steps, cancel);
  const masks = steps.flatMap((step) => step.masks ?? []);
  const hidden = [token, ...Object.values(run.secrets), ...masks].filter(Boolean);
  return {
    id: job.id,
    result: cancelled ? 'cancelled' : failure ? 'failure' : 'success',
    outputs: outputsOf(job, contexts(), hidden),
    ...{ steps, permissions, token },
  };
}

const statusOf = (steps: readonly StepEnd[], cancel: AbortSignal | undefined): Status => {
  const cancelled = cancel?.aborted === true;
  const failure = steps.some(({ outcome }) => outcome === 'failure');
  return { success: !failure && !cancelled, failure: failure && !cancelled, cancelled };
};

const stepContext = ({ outputs = {}, outcome }: StepEnd) => ({ outputs, outcome, conclusion: outcome });

interface Around {
  readonly run: JobRun;
  readonly contexts: Contexts;
  readonly status: Status;
  readonly workspace: string;
  readonly runnerTemp: string;
}

async function runStep(step: WorkflowStep, around: Around): Promise<StepEnd> {
  const { run, contexts, status, workspace, runnerTemp } = around;
  const { id, uses } = step;
  if (!isTruthy(evaluate(step.condition, contexts, status))) return { id, uses, outcome: 'skipped', exitCode: null };
  const standIn = run.actions[uses] ?? run.actions[uses.split('@')[0] ?? ''];
  if (standIn === undefined) throw new Error(`nothing stands in for ${uses}`);
  const done = await standIn({
    with: textsOf(step.with, contexts),
    env: { ...textsOf(run.job.env, contexts), ...textsOf(step.env, contexts) },
    ...{ job: run.job.id, token: run.token, workspace, runnerTemp },
    secrets: Object.values(run.secrets),
    // A step that runs although the job was cancelled is let run.
    cancel: status.cancelled ? undefined : run.cancel,
  });
  const wasCancelled = !status.cancelled && run.cancel?.aborted === true;
  return { ...done, id, uses, outcome: wasCancelled ? 'cancelled' : done.exitCode === 0 ? 'success' : 'failure' };
}

/** GitHub drops an output that holds a secret, with a warning only. */
function outputsOf(job: WorkflowJob, contexts: Contexts, secrets: readonly string[]): Readonly<Record<string, string>> {
  const pairs = [...fields(job.outputs)].map(([name, token]) => [name, textOf(valueOf(token, contexts))] as const);
  return Object.fromEntries(pairs.filter(([, value]) => !secrets.some((secret) => value.includes(secret))));
}
