// Which events of a journal the story of its run tells again when it is executed again, and which come from around it.
import type { JournalEntry, RunEvent } from '../events.ts';
import { withoutAnew } from '../journal/earlier-events.ts';

/** What a process tells of itself, of its outputs and of its tries, and what the ports tell: nothing of the story. */
const around: readonly RunEvent['type'][] = [
  'run.started',
  'run.resumed',
  'run.ended',
  'call.started',
  'call.ended',
  'call.failed',
  'tree.saved',
  'tool.started',
  'request.part',
  'model.retried',
  'warning',
];

/** True for what the run itself tells, in each execution. */
export function isOfStory(event: RunEvent): boolean {
  if (around.includes(event.type) || isFromOutside(event)) return false;
  if (event.type === 'comment.saved') return event.kind !== 'progress';
  // Later tries are announced by the adapter; a loss is told by the process that finds it.
  if (event.type === 'model.asked') return event.attempt === 1;
  return event.type !== 'model.failed' || event.reason !== 'lost';
}

/** Somebody or the clock ends the run: it comes at its time, whatever the run does. */
export const isFromOutside = (event: RunEvent): boolean =>
  event.type === 'stop.requested' || (event.type === 'limit.reached' && event.limit.limit === 'limits.timeout_minutes');

/**
 * Entries that a replay tells again or that come to it, in their order: those of the story, and what came from outside to
 * the last process, as an earlier one that was stopped was gone on with.
 */
export function storyOf(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const start = lastProcess(entries);
  return withoutAnew(entries, false).filter(
    ({ event, seq }) => isOfStory(event) || (isFromOutside(event) && seq >= start),
  );
}

/** Number of the first entry of the last process of a run. */
export const lastProcess = (entries: readonly JournalEntry[]): number =>
  entries.findLast(({ event }) => event.type === 'run.resumed')?.seq ?? 0;
