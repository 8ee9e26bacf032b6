// Compares what a replayed run tells with what its journal has, and shows the first difference with its cause.
import type { JournalEntry, RequestPart, RunEvent } from '../events.ts';
import { createEarlierEvents } from '../journal/earlier-events.ts';
import { applyEntry } from '../journal/project-run.ts';
import { emptyRunState, type RunState } from '../journal/run-state.ts';
import type { Reporter } from '../ports.ts';
import { textDifference } from './compare-texts.ts';
import { isFromOutside, isOfStory, storyOf } from './story-events.ts';

export interface Comparison extends Reporter {
  state(): RunState;
  /** Model requests that were the same, by their hash. */
  sameRequests(): number;
  /** Who, when and what; null while all is the same. */
  firstDifference(): string | null;
}

export interface ComparisonOptions {
  /** What the journal does to every string. */
  readonly clean: (text: string) => string;
  /** Told of each entry that the run has told again. */
  readonly onTold: (entry: JournalEntry) => void;
  /** Told of the first difference. */
  readonly onDifference: () => void;
}

export function createComparison(
  entries: readonly JournalEntry[],
  { clean, onTold, onDifference }: ComparisonOptions,
): Comparison {
  const known = createEarlierEvents(entries, false);
  const texts = createTexts(entries);
  const told = new Set<JournalEntry>();
  const isBeyond = createEnd(entries, told);
  let state = emptyRunState;
  let same = 0;
  let difference: string | null = null;
  /** What was given to the run last: a difference follows from it, if from anything. */
  let last: JournalEntry | null = null;
  return {
    emit(event) {
      const cleaned: RunEvent = JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
        typeof value === 'string' ? clean(value) : value,
      );
      if (cleaned.type === 'request.part') texts.now.set(cleaned.digest, cleaned.text);
      const before = known.take(cleaned);
      if (before === null && difference === null && isOfStory(event) && !isBeyond(cleaned)) {
        const recorded = entries.find((entry) => !told.has(entry) && isSamePlace(entry.event, cleaned)) ?? null;
        difference = describe({ event: cleaned, recorded, last }, texts);
        onDifference();
      }
      if (before !== null) {
        told.add(before);
        if (event.type === 'model.asked') same += 1;
        if (event.type === 'model.replied' || event.type === 'tool.ended') last = before;
      }
      state = applyEntry(state, before ?? { seq: 0, atMs: state.lastAtMs, event: cleaned });
      if (before !== null && !isFromOutside(event)) onTold(before);
    },
    state: () => state,
    sameRequests: () => same,
    firstDifference: () => difference,
  };
}

/**
 * True for what comes after the end of a killed run's journal: its teller has told all that the journal has of it. What was
 * not written any more is no difference.
 */
function createEnd(entries: readonly JournalEntry[], told: ReadonlySet<JournalEntry>): (event: RunEvent) => boolean {
  if (entries.some(({ event }) => event.type === 'run.ended')) return () => false;
  const story = storyOf(entries);
  return (event) => !story.some((entry) => !told.has(entry) && agentOf(entry.event) === agentOf(event));
}

interface Texts {
  /** By digest, of the journal and of now. */
  readonly was: ReadonlyMap<string, string>;
  readonly now: Map<string, string>;
}

function createTexts(entries: readonly JournalEntry[]): Texts {
  const was = new Map<string, string>();
  for (const { event } of entries) if (event.type === 'request.part') was.set(event.digest, event.text);
  return { was, now: new Map() };
}

interface Difference {
  readonly event: RunEvent;
  /** What the journal has in its place; null where it has nothing there. */
  readonly recorded: JournalEntry | null;
  readonly last: JournalEntry | null;
}

function describe({ event, recorded, last }: Difference, texts: Texts): string {
  const where = placeOf(event);
  const after =
    last === null ? '' : `\nIt comes after entry ${last.seq} (${last.event.type} of ${placeOf(last.event)}).`;
  if (recorded === null) return `${where}: ${event.type} is not in the journal.${after}`;
  const { seq } = recorded;
  if (event.type === 'model.asked' && recorded.event.type === 'model.asked') {
    return `${where}: the request differs from that of entry ${seq}: ${otherPart(recorded.event.parts, event.parts, texts)}${after}`;
  }
  const words = textDifference(JSON.stringify(recorded.event), JSON.stringify(event));
  return `${where}: ${event.type} differs from entry ${seq}.\n${words}${after}`;
}

/** The first part that is another one, with its text where that is known. */
function otherPart(was: readonly RequestPart[] = [], is: readonly RequestPart[] = [], texts: Texts): string {
  const at = is.findIndex(({ name, digest }, i) => was[i]?.name !== name || was[i]?.digest !== digest);
  const [before, now] = [was[at === -1 ? is.length : at], is[at]];
  const part = now ?? before;
  if (part === undefined) return 'what was told before it is the same, so it is put together otherwise.';
  const [old, fresh] = [texts.was.get(before?.digest ?? ''), texts.now.get(now?.digest ?? '')];
  const what = `its ${part.name} is another.`;
  return old === undefined || fresh === undefined ? what : `${what}\n${textDifference(old, fresh)}`;
}

const isSamePlace = (one: RunEvent, other: RunEvent): boolean =>
  one.type === other.type && placeOf(one) === placeOf(other);

/** `TASK-001, turn 3`; `the run` for what is nobody's. */
export function placeOf(event: RunEvent): string {
  const agent = agentOf(event) ?? 'the run';
  return 'turn' in event && event.turn !== undefined ? `${agent}, turn ${event.turn}` : agent;
}

function agentOf(event: RunEvent): string | null {
  if (event.type === 'task.ended') return event.result.task.id;
  if (event.type === 'merge.ended') return event.merge.taskId;
  if ('agent' in event) return event.agent;
  return 'taskId' in event ? event.taskId : null;
}
