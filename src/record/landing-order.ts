// The order in which tasks are integrated: chance when it happens first, a matter of record when a run goes on.
import { recordCall, type Recording } from './record-calls.ts';

const call = 'landing';

/**
 * A function that lets a built task pass to its integration when it is its turn: after those that were there before it
 * in the journal, or at once when the journal knows nothing of it.
 */
export function createLandingOrder(recording: Recording): (taskId: string) => Promise<void> {
  const recorded = recording.earlier.answersTo(call).splice(0);
  const before = recorded.map((one) => ('answer' in one ? String(one.answer) : ''));
  const passed = new Set<string>();
  const waiting = new Set<() => void>();
  const isTurn = (taskId: string): boolean => {
    const at = before.indexOf(taskId);
    return before.slice(0, at === -1 ? before.length : at).every((id) => passed.has(id));
  };
  return async (taskId) => {
    const own = recorded[before.indexOf(taskId)];
    if (own !== undefined) await recording.replay?.reach(own.seq);
    while (!isTurn(taskId)) await new Promise<void>((resume) => waiting.add(resume));
    if (!before.includes(taskId)) await recordCall(call, () => Promise.resolve(taskId), recording);
    passed.add(taskId);
    for (const resume of waiting) resume();
    waiting.clear();
  };
}
