// What the run tells the ledger: which tasks there are, what they should cost, and when they have ended.
import type { RunEvent } from '../events.ts';
import type { Ledger } from './ledger.ts';

/** Keeps for each task of an accepted plan what the plan expects of it, until the task has ended. */
export function followPlan(event: RunEvent, ledger: Pick<Ledger, 'expect' | 'taskEnded'>): void {
  if (event.type === 'plan.accepted') ledger.expect(event.plan.estimate.tasks);
  if (event.type === 'task.ended') ledger.taskEnded(event.result.task.id);
}
