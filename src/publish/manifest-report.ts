// What the agents' job says of its run: the part of the run's state that comment, body and summary are made from. It is
// shown as that job's word; nothing in it names a branch, an issue or a commit that is acted on.
// zod/mini: see trigger/event-payloads.ts.
import * as z from 'zod/mini';
import type { RunState, TaskState } from '../journal/run-state.ts';
import {
  checkShape,
  count,
  fileChangeShape,
  mergeShape,
  objectId,
  planShape,
  resultShape,
  taskShape,
  usageShape,
} from '../state/record-parts.ts';
import type { Integration, Limits, Verification } from '../types.ts';

/** Fields of a run's state that are handed over. Whatever else a state holds, the publishing job knows by itself. */
export type ReportedState = Pick<
  RunState,
  | 'model'
  | 'limits'
  | 'plan'
  | 'tasks'
  | 'baseline'
  | 'integration'
  | 'verification'
  | 'escalations'
  | 'questions'
  | 'reviews'
  | 'limit'
  | 'stoppedBy'
  | 'warnings'
  | 'usage'
  | 'usageByRole'
  | 'startedAtMs'
  | 'lastAtMs'
>;

const timeMs = z.number().check(z.nonnegative());
const ceiling = z.nullable(count);

const limitsShape = (): z.ZodMiniType<Limits> =>
  z.object({
    maxApiCalls: ceiling,
    tokenBudget: ceiling,
    costLimitNanoUsd: ceiling,
    maxCostPerTaskNanoUsd: z.exactOptional(ceiling),
    dailyCostLimitNanoUsd: z.exactOptional(ceiling),
    dailyCostLimitPerPersonNanoUsd: z.exactOptional(ceiling),
    maxTurnsPerTask: count,
    timeoutMs: z.nullable(timeMs),
  });

const taskStateShape = (): z.ZodMiniType<TaskState> =>
  z.object({
    task: taskShape(),
    status: z.enum(['waiting', 'running', 'merging', 'completed', 'failed', 'skipped', 'partial']),
    branch: z.nullable(z.string()),
    turns: count,
    usage: usageShape(),
    checks: z.array(checkShape()),
    handedBack: count,
    activity: z.nullable(z.string()),
    startedAtMs: z.nullable(timeMs),
    endedAtMs: z.nullable(timeMs),
    result: z.nullable(resultShape()),
    merge: z.nullable(mergeShape()),
  });

const integrationShape = (): z.ZodMiniType<Integration> =>
  z.object({
    branch: z.string(),
    commit: objectId,
    result: z.nullable(objectId),
    changedFiles: z.array(fileChangeShape()),
    merges: z.array(mergeShape()),
    lost: z.array(z.object({ taskId: z.string(), path: z.string(), lines: count })),
  });

const verificationShape = (): z.ZodMiniType<Verification> =>
  z.object({
    baseline: z.array(checkShape()),
    final: z.array(checkShape()),
    fixed: z.array(z.string()),
    introduced: z.array(z.string()),
    preexisting: z.array(z.string()),
    weakened: z.array(z.string()),
  });

const helpActions = [
  'guide',
  'raise_effort',
  'stronger_model',
  'split',
  'reassign_paths',
  'abandon',
  'ask_person',
  'fallback_model',
] as const;

const reviewShape = () =>
  z.object({
    round: count,
    verdict: z.enum(['sound', 'faulty']),
    findings: z.array(
      z.object({
        severity: z.enum(['high', 'medium', 'low']),
        file: z.string(),
        line: z.nullable(count),
        why: z.string(),
      }),
    ),
  });

/** Made when a manifest is read: no other run needs it. */
export const reportShape = (): z.ZodMiniType<ReportedState> =>
  z.object({
    model: z.string(),
    limits: z.nullable(limitsShape()),
    plan: z.nullable(planShape()),
    tasks: z.array(taskStateShape()),
    baseline: z.array(checkShape()),
    integration: z.nullable(integrationShape()),
    verification: z.nullable(verificationShape()),
    escalations: z.array(
      z.object({
        taskId: z.string(),
        rule: z.string(),
        action: z.enum(helpActions),
        text: z.string(),
        rationale: z.string(),
      }),
    ),
    questions: z.array(z.object({ taskId: z.string(), question: z.string() })),
    reviews: z.array(reviewShape()),
    limit: z.nullable(z.object({ limit: z.string(), value: z.string(), spent: z.string() })),
    stoppedBy: z.nullable(z.string()),
    warnings: z.array(z.string()),
    usage: usageShape(),
    usageByRole: z.record(z.string(), usageShape()),
    startedAtMs: timeMs,
    lastAtMs: timeMs,
  });

/** The reported part of a state. */
export function reportOf(state: RunState): ReportedState {
  const { model, limits, plan, tasks, baseline, integration, verification, escalations, questions } = state;
  const { reviews, limit, stoppedBy, warnings, usage, usageByRole, startedAtMs, lastAtMs } = state;
  return {
    ...{ model, limits, plan, tasks, baseline, integration, verification, escalations, questions },
    ...{ reviews, limit, stoppedBy, warnings, usage, usageByRole, startedAtMs, lastAtMs },
  };
}
