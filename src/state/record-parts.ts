// The nouns of a run as they stand in a state record: checked, since the record comes back over the network.
import * as z from 'zod/mini';
import type { MergedWork } from '../integrate/find-lost-lines.ts';
import type { Check, FileChange, Merge, Plan, Task, TaskResult, Usage } from '../types.ts';

export const count = z.int().check(z.nonnegative());
/** A full object id of git, sha1 or sha256. */
export const objectId = z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/));

export const usageShape = (): z.ZodMiniType<Usage> =>
  z.object({
    requests: count,
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    costNanoUsd: count,
  });

export const taskShape = (): z.ZodMiniType<Task> =>
  z.object({
    id: z.string(),
    title: z.string(),
    role: z.string(),
    instructions: z.string(),
    dependsOn: z.array(z.string()),
    owns: z.array(z.string()),
    deliverables: z.array(z.string()),
    acceptance: z.array(z.string()),
    estimatedTurns: z.number(),
  });

export const planShape = (): z.ZodMiniType<Plan> =>
  z.object({
    summary: z.string(),
    tasks: z.array(taskShape()).check(z.minLength(1)),
    decisions: z.array(z.object({ decision: z.string(), rationale: z.string(), affectedAgents: z.array(z.string()) })),
    contract: z.nullable(
      z.object({ summary: z.string(), files: z.array(z.object({ path: z.string(), content: z.string() })) }),
    ),
    estimate: z.object({
      tasks: z.array(
        z.object({ taskId: z.string(), turns: z.number(), expectedNanoUsd: z.number(), worstNanoUsd: z.number() }),
      ),
      expectedNanoUsd: z.number(),
      worstNanoUsd: z.number(),
    }),
    hash: z.string(),
  });

export const checkShape = (): z.ZodMiniType<Check> =>
  z.object({
    name: z.string(),
    command: z.string(),
    exitCode: z.nullable(z.int()),
    durationMs: z.number(),
    passed: z.exactOptional(count),
    failed: z.exactOptional(count),
    skipped: z.exactOptional(count),
    failures: z.array(z.string()),
    outputTail: z.string(),
    logPath: z.nullable(z.string()),
  });

export const fileChangeShape = (): z.ZodMiniType<FileChange> =>
  z.object({
    path: z.string(),
    previousPath: z.exactOptional(z.string()),
    status: z.enum(['added', 'modified', 'deleted', 'renamed']),
    addedLines: z.number(),
    deletedLines: z.number(),
  });

export const resultShape = (): z.ZodMiniType<TaskResult> =>
  z.object({
    task: taskShape(),
    status: z.enum(['completed', 'failed', 'skipped', 'partial']),
    branch: z.string(),
    commit: z.nullable(objectId),
    changedFiles: z.array(fileChangeShape()),
    claims: z.nullable(z.object({ summary: z.string(), testsRun: z.array(z.string()), notes: z.string() })),
    checks: z.array(checkShape()),
    turns: z.number(),
    usage: usageShape(),
    reason: z.nullable(z.string()),
  });

export const mergeShape = (): z.ZodMiniType<Merge> =>
  z.object({
    taskId: z.string(),
    status: z.enum(['merged', 'refused']),
    commit: z.nullable(objectId),
    returns: z.array(z.object({ kind: z.enum(['conflict', 'broken-check']), detail: z.string() })),
    checks: z.array(checkShape()),
  });

export const workShape = (): z.ZodMiniType<MergedWork> =>
  z.object({
    taskId: z.string(),
    base: objectId,
    commit: objectId,
    mended: z.exactOptional(z.array(z.string())),
  });
