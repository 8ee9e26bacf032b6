// Runs a workflow file on an event, as far as our own workflows need it: conditions, jobs that need each other, tokens of
// each job's own permissions. Not modelled, and so refused or left to the reader: scripts, matrices, containers, called
// workflows; queues of concurrency groups (the group is told), time limits, environments, OIDC.
import { join } from 'node:path';
import type { WebhookEvent } from '../github/events.ts';
import type { JobPermissions } from '../github/types.ts';
import { evaluate, fields, isTruthy, textOf, valueOf, type Contexts, type Status } from './expressions.ts';
import { runJob, type JobEnd, type StandIn } from './run-job.ts';
import { readWorkflow, type WorkflowFile, type WorkflowJob } from './workflow-file.ts';

export interface WorkflowRun {
  readonly path: string;
  readonly content: string;
  readonly event: WebhookEvent;
  /** The `github` context beside the event; `token` is each job's own. */
  readonly github: {
    readonly repository: string;
    readonly sha: string;
    /** `refs/heads/main` */
    readonly ref: string;
    readonly actor: string;
    readonly runId: number;
    readonly runAttempt: number;
  };
  readonly secrets: Readonly<Record<string, string>>;
  readonly mintToken: (permissions: JobPermissions) => string;
  /** What stands in for actions, by `owner/name`, `owner/name@ref` or `./`. */
  readonly actions: Readonly<Record<string, StandIn>>;
  /** Each job gets a directory in it. */
  readonly directory: string;
  /** The Cancel button. */
  readonly cancel?: AbortSignal;
  /** Jobs of an earlier attempt that are not run again. */
  readonly earlier?: readonly JobEnd[];
  /** Called when a job has ended, before others go on; may change what they see of it. */
  readonly onJobEnd?: (job: JobEnd) => Promise<JobEnd>;
}

export interface WorkflowEnd {
  /** False for an event that the workflow does not listen to. */
  readonly isTriggered: boolean;
  /** The concurrency groups: of the workflow, and of each job that was not skipped and has one. */
  readonly groups: readonly string[];
  readonly jobs: readonly JobEnd[];
}

/** Runs to the end. Rejects for what is not modelled. */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowEnd> {
  const file = await readWorkflow(run.path, run.content);
  const { name, payload } = run.event;
  const types = file.events.get(name);
  const isTriggered = types !== undefined && (types === null || types.includes(String(payload['action'])));
  if (!isTriggered) return { isTriggered, groups: [], jobs: [] };
  const contexts = contextsOf(run, file);
  const groups = [groupOf(file.concurrency, contexts)];
  const ended = new Map<string, JobEnd>((run.earlier ?? []).map((job) => [job.id, job]));
  for (const job of inOrder(file.jobs)) {
    if (ended.has(job.id)) continue;
    const end = await startJob(job, { file, run, contexts, ended, groups });
    ended.set(job.id, (await run.onJobEnd?.(end)) ?? end);
  }
  return { isTriggered, groups: groups.filter((group) => group !== ''), jobs: [...ended.values()] };
}

/** One after another, those first that others need. */
function inOrder(jobs: readonly WorkflowJob[]): readonly WorkflowJob[] {
  const sorted: WorkflowJob[] = [];
  while (sorted.length < jobs.length) {
    const done = sorted.map(({ id }) => id);
    const next = jobs.find(({ id, needs }) => !done.includes(id) && needs.every((need) => done.includes(need)));
    if (next === undefined) throw new Error('the jobs need each other in a circle');
    sorted.push(next);
  }
  return sorted;
}

function contextsOf({ event, github, secrets }: WorkflowRun, file: WorkflowFile): Contexts {
  const given: Readonly<Record<string, unknown>> = Object(event.payload['inputs']);
  const { runId, runAttempt, ...rest } = github;
  return {
    github: {
      ...rest,
      ...{ event_name: event.name, event: event.payload, workflow: file.name },
      ...{ run_id: String(runId), run_number: String(runId), run_attempt: String(runAttempt) },
      ref_name: github.ref.replace(/^refs\/(heads|tags)\//, ''),
    },
    inputs: event.name === 'workflow_dispatch' ? { ...file.inputDefaults, ...given } : {},
    secrets,
  };
}

interface JobStart {
  readonly file: WorkflowFile;
  readonly run: WorkflowRun;
  readonly contexts: Contexts;
  readonly ended: ReadonlyMap<string, JobEnd>;
  readonly groups: string[];
}

async function startJob(job: WorkflowJob, { file, run, contexts: top, ended, groups }: JobStart): Promise<JobEnd> {
  const needs = job.needs.map((id) => [id, ended.get(id)] as const);
  const shown = needs.map(([id, end]) => [id, { result: end?.result, outputs: end?.outputs ?? {} }]);
  const contexts = { ...top, needs: Object.fromEntries(shown) };
  if (!isTruthy(evaluate(job.condition, contexts, statusOf(job, { file, run, ended })))) {
    return { id: job.id, result: 'skipped', outputs: {}, steps: [], permissions: {}, token: '' };
  }
  groups.push(groupOf(job.concurrency, contexts));
  const permissions = permissionsOf(job, file);
  return runJob({
    ...{ job, contexts, permissions },
    secrets: run.secrets,
    token: run.mintToken(permissions),
    directory: join(run.directory, job.id),
    actions: run.actions,
    cancel: run.cancel,
  });
}

/** Over all jobs that it needs, and that those need. */
function statusOf(job: WorkflowJob, { file, run, ended }: Pick<JobStart, 'file' | 'run' | 'ended'>): Status {
  const above = (id: string): readonly string[] => {
    const needs = file.jobs.find((one) => one.id === id)?.needs ?? [];
    return needs.flatMap((need) => [need, ...above(need)]);
  };
  const results = above(job.id).map((id) => ended.get(id)?.result);
  const cancelled = run.cancel?.aborted === true;
  return {
    success: !cancelled && results.every((result) => result === 'success'),
    failure: !cancelled && results.includes('failure'),
    cancelled,
  };
}

/** A job's own block, else the workflow's; without either GitHub's settings would decide, which is refused. */
function permissionsOf(job: WorkflowJob, file: WorkflowFile): JobPermissions {
  const token = job.permissions ?? file.permissions;
  if (token === undefined) throw new Error(`job ${job.id} does not say its permissions`);
  const pairs = [...fields(token)].map(([name, value]) => [name, levelOf(valueOf(value, {}))] as const);
  return Object.fromEntries(pairs);
}

function levelOf(value: unknown): 'read' | 'write' | 'none' {
  if (value === 'read' || value === 'write' || value === 'none') return value;
  throw new Error(`${String(value)} is no permission`);
}

/** Empty without one. */
function groupOf(token: WorkflowFile['concurrency'], contexts: Contexts): string {
  const group = fields(token).get('group') ?? token;
  return textOf(valueOf(group, contexts)).trim();
}
