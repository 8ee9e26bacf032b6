// The events of a run whose process was killed, for the process that goes on: what it tells again is in the file already.
import type { JournalEntry, RunEvent } from '../events.ts';
import { forgottenFailures } from './forgotten-failures.ts';

export interface EarlierEvents {
  /** The entry that stands for this event, each one once; null for an event that is new. */
  take(event: RunEvent): JournalEntry | null;
}

/**
 * A run that is executed again tells the same events, but for times and, between agents, their order.
 * @param endsInKill false where the run is only replayed, and nothing is made anew at the end of its journal
 */
export function createEarlierEvents(entries: readonly JournalEntry[], endsInKill = true): EarlierEvents {
  const waiting = new Map<string, JournalEntry[]>();
  for (const entry of withoutAnew(entries, endsInKill)) {
    const key = keyOf(entry.event);
    if (key === null) continue;
    const same = waiting.get(key);
    if (same === undefined) waiting.set(key, [entry]);
    else same.push(entry);
  }
  return {
    take: (event) => {
      const key = waiting.size === 0 ? null : keyOf(event);
      return key === null ? null : (waiting.get(key)?.shift() ?? null);
    },
  };
}

/**
 * What is the same when an event is told again. Null for what is never told again: it is new each time. Turns of the
 * manager depend on which agent asked first, so calls go by their request.
 */
function keyOf(event: RunEvent): string | null {
  switch (event.type) {
    case 'run.resumed':
    case 'run.ended':
    case 'call.started':
    case 'call.ended':
    case 'call.failed':
    case 'tree.saved':
      return null;
    case 'run.started':
      return event.type;
    case 'plan.accepted':
      return `${event.type} ${event.plan.hash}`;
    case 'model.asked':
      return `${event.type} ${event.agent} ${event.requestHash ?? event.turn} ${event.attempt}`;
    case 'model.replied':
    case 'model.failed':
      return `${event.type} ${event.agent} ${event.requestHash ?? event.turn ?? ''} ${'reason' in event ? event.reason : ''}`;
    case 'tool.ended':
      return JSON.stringify([event.agent, event.turn, event.toolUseId, event.isError, event.content]);
    default:
      return JSON.stringify(event);
  }
}

/** Calls whose answer was lost, or whose failure nobody went on from, are asked again, and that is told anew. */
export function withoutAnew(entries: readonly JournalEntry[], endsInKill: boolean): readonly JournalEntry[] {
  const lost = new Set(lostCalls(entries, endsInKill));
  const forgotten = forgottenFailures(entries, { endsInKill });
  return entries.filter((entry) => !lost.has(entry) && !forgotten.has(entry));
}

const callOf = (event: Extract<RunEvent, { type: 'model.asked' | 'model.replied' | 'model.failed' }>): string =>
  `${event.agent} ${event.requestHash ?? event.turn ?? ''}`;

/** `model.asked` of calls without an answer, or with none but that it was lost; tries of one call each for itself. */
export function lostCalls(entries: readonly JournalEntry[], endsInKill = true): readonly JournalEntry[] {
  const open = new Map<string, JournalEntry[]>();
  const lost: JournalEntry[] = [];
  for (const entry of entries) {
    const { event } = entry;
    if (event.type === 'run.resumed') {
      // Nothing that was open when a process was killed is answered after it.
      for (const asked of open.values()) lost.push(...asked);
      open.clear();
    } else if (event.type === 'model.asked') {
      const call = callOf(event);
      open.set(call, [...(open.get(call) ?? []), entry]);
    } else if (event.type === 'model.replied' || (event.type === 'model.failed' && event.reason !== 'lost')) {
      open.delete(callOf(event));
    }
  }
  return endsInKill ? [...lost, ...[...open.values()].flat()] : lost;
}
