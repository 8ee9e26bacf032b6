// Compares what a replayed run tells with what its journal has, and shows the first difference.
import type { JournalEntry, RunEvent } from '../events.ts';
import { createEarlierEvents } from '../journal/earlier-events.ts';
import { applyEntry } from '../journal/project-run.ts';
import { emptyRunState, type RunState } from '../journal/run-state.ts';
import type { Reporter } from '../ports.ts';

export interface Comparison extends Reporter {
  state(): RunState;
  /** Model requests that were the same, by their hash. */
  sameRequests(): number;
  /** Who, when and what; null while all is the same. */
  firstDifference(): string | null;
}

/** Characters shown on either side of where two texts part. */
const CONTEXT = 60;

/** @param clean what the journal does to every string */
export function createComparison(entries: readonly JournalEntry[], clean: (text: string) => string): Comparison {
  const known = createEarlierEvents(entries);
  let state = emptyRunState;
  let same = 0;
  let difference: string | null = null;
  return {
    emit(event) {
      const cleaned: RunEvent = JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
        typeof value === 'string' ? clean(value) : value,
      );
      const before = known.take(cleaned);
      if (before !== null && event.type === 'model.asked') same += 1;
      if (before === null && isTold(event)) difference ??= describe(cleaned, entries);
      state = applyEntry(state, before ?? { seq: 0, atMs: state.lastAtMs, event: cleaned });
    },
    state: () => state,
    sameRequests: () => same,
    firstDifference: () => difference,
  };
}

/** What is new in every process of a run says nothing of the story. */
const isTold = ({ type }: RunEvent): boolean =>
  !['call.started', 'call.ended', 'tree.saved', 'run.resumed', 'run.ended', 'warning'].includes(type);

function describe(event: RunEvent, entries: readonly JournalEntry[]): string {
  const where = placeOf(event);
  const recorded = entries.find((entry) => entry.event.type === event.type && placeOf(entry.event) === where);
  if (recorded === undefined) return `${where}: ${event.type} is not in the journal`;
  if (event.type === 'model.asked') {
    return `${where}: the request differs, and nothing that was told before it: its system prompt, tools, model or settings do (${event.requestHash?.slice(0, 12) ?? ''} now)`;
  }
  const [was, is] = [JSON.stringify(recorded.event), JSON.stringify(event)];
  let at = 0;
  while (at < was.length && was[at] === is[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - CONTEXT), at + CONTEXT);
  return `${where}: ${event.type} differs from entry ${recorded.seq}\n  journal: ...${around(was)}...\n  now:     ...${around(is)}...`;
}

function placeOf(event: RunEvent): string {
  const agent = ('agent' in event ? event.agent : 'taskId' in event ? event.taskId : null) ?? 'the run';
  return 'turn' in event && event.turn !== undefined ? `${agent}, turn ${event.turn}` : agent;
}
