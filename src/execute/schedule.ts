// Readiness scheduling: a task starts the moment its own dependencies are merged, up to a number at once.
import type { Task, TaskResult } from '../types.ts';

export interface ScheduleDeps<Built> {
  /** Builds one task; several run at the same time. Must not reject for anything expected. */
  readonly build: (task: Task) => Promise<Built>;
  /** Lands one built task; never called twice at the same time. True when its work is merged. */
  readonly land: (built: Built) => Promise<boolean>;
  readonly skip: (task: Task, reason: string) => TaskResult;
  /** Why no further task may start; null while they may. */
  readonly stopReason: () => string | null;
  readonly maxParallel: number;
  /** Tasks that had ended before, by id: they count for those that depend on them. */
  readonly before?: { readonly merged: readonly string[]; readonly lost: readonly string[] };
}

/**
 * Runs all tasks; resolves when none is running and none can start. When one rejects, no further task starts, those
 * that run come to their end, and then it rejects with the first reason. Returns what was skipped.
 */
export async function schedule<Built>(
  tasks: readonly Task[],
  deps: ScheduleDeps<Built>,
): Promise<readonly TaskResult[]> {
  const waiting = new Set(tasks);
  const merged = new Set(deps.before?.merged);
  const lost = new Set(deps.before?.lost);
  const running = new Set<Promise<void>>();
  const skipped: TaskResult[] = [];
  const crashes: unknown[] = [];
  let landing: Promise<unknown> = Promise.resolve();

  const runOne = async (task: Task): Promise<void> => {
    const built = await deps.build(task);
    const landed = landing.then(() => deps.land(built));
    landing = landed.catch(() => undefined);
    ((await landed) ? merged : lost).add(task.id);
  };
  const skip = (task: Task, reason: string): void => {
    waiting.delete(task);
    lost.add(task.id);
    skipped.push(deps.skip(task, reason));
  };
  const startReady = (): void => {
    for (const task of skippable(waiting, lost)) skip(task.task, task.reason);
    for (const task of waiting) {
      if (running.size >= deps.maxParallel || crashes.length > 0 || deps.stopReason() !== null) return;
      if (!task.dependsOn.every((id) => merged.has(id))) continue;
      waiting.delete(task);
      const run: Promise<void> = runOne(task)
        .catch((error: unknown) => void crashes.push(error))
        .finally(() => running.delete(run));
      running.add(run);
    }
  };

  for (startReady(); running.size > 0; startReady()) await Promise.race(running);
  if (crashes.length > 0) throw crashes[0];
  for (const task of [...waiting]) skip(task, deps.stopReason() ?? 'it was never ready to start');
  return skipped;
}

/** Waiting tasks that can no longer start, dependents of dependents included, each with the task to blame. */
function skippable(waiting: ReadonlySet<Task>, lost: ReadonlySet<string>): { task: Task; reason: string }[] {
  const gone = new Set(lost);
  const found: { task: Task; reason: string }[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const task of waiting) {
      const missing = task.dependsOn.find((id) => gone.has(id));
      if (missing === undefined || gone.has(task.id)) continue;
      gone.add(task.id);
      found.push({ task, reason: `it needs ${missing}, which was not merged` });
      grown = true;
    }
  }
  return found;
}
