// The order of a replayed run. What runs side by side told its events in an order that was chance, and what depends on it
// (which limit was met first, what was under way when the run was stopped) is a matter of record: so an answer of the journal
// is given out when all that was told before it has been told again.
import type { JournalEntry } from '../events.ts';
import type { Clock } from '../ports.ts';
import type { Replaying } from './record-calls.ts';

export interface ReplayOrder extends Replaying {
  /** The run has told what this entry says. */
  told(entry: JournalEntry): void;
  /** Work outside the journal (reading git's objects): as long as it lasts, nothing stands still. */
  busy<T>(work: Promise<T>): Promise<T>;
  /** From now on nobody waits: the run is another than the journal's. */
  open(): void;
  /** Entries that the run has not told again. */
  untold(): readonly JournalEntry[];
}

export interface ReplayOrderOptions {
  /** What the run will tell, and what comes from outside at its time, in the journal's order. */
  readonly awaited: readonly JournalEntry[];
  /** Told of each entry when it is due; true: it comes from outside and is told by that. */
  readonly onDue: (entry: JournalEntry) => boolean;
  /** The run stands still because it does not tell this entry: it is passed over. */
  readonly onMissing: (entry: JournalEntry) => void;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** How often a run that waits is looked at, in milliseconds, and how many looks without a sign of life mean a standstill. */
const lookMs = 5;
const quietLooks = 4;

export function createReplayOrder({ awaited, onDue, onMissing, clock }: ReplayOrderOptions): ReplayOrder {
  const done = new Set<JournalEntry>();
  const waiting = new Set<{ readonly seq: number; readonly go: () => void }>();
  let next = 0;
  let isOpen = false;
  const due = (): JournalEntry | undefined => awaited[next];
  const advance = (): void => {
    watch.sign();
    for (let entry = due(); entry !== undefined; entry = due()) {
      if (!done.has(entry) && !onDue(entry)) break;
      done.add(entry);
      next += 1;
    }
    const reached = isOpen ? Number.POSITIVE_INFINITY : (due()?.seq ?? Number.POSITIVE_INFINITY);
    for (const one of waiting) {
      if (one.seq > reached) continue;
      waiting.delete(one);
      one.go();
    }
  };
  const passOver = (): void => {
    const entry = due();
    if (entry === undefined) return;
    onMissing(entry);
    next += 1;
    advance();
  };
  const watch = createStandstillWatch({ clock, isWaiting: () => waiting.size > 0, onStandstill: passOver });
  return {
    told: (entry) => {
      done.add(entry);
      advance();
    },
    reach: (seq) =>
      new Promise((go) => {
        waiting.add({ seq, go });
        advance();
        void watch.start();
      }),
    busy: watch.busy,
    open: () => {
      isOpen = true;
      advance();
    },
    untold: () => awaited.slice(next).filter((entry) => !done.has(entry)),
  };
}

interface StandstillOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly isWaiting: () => boolean;
  readonly onStandstill: () => void;
}

/** Sees when somebody waits, nothing is under way, and nothing happens any more. */
function createStandstillWatch({ clock, isWaiting, onStandstill }: StandstillOptions) {
  let [underWay, signs] = [0, 0];
  let isWatched = false;
  return {
    sign: (): void => void (signs += 1),
    busy: async <T>(work: Promise<T>): Promise<T> => {
      underWay += 1;
      try {
        return await work;
      } finally {
        underWay -= 1;
        signs += 1;
      }
    },
    start: async (): Promise<void> => {
      if (isWatched) return;
      isWatched = true;
      for (let quiet = 1; isWaiting(); quiet += 1) {
        const before = signs;
        await clock.sleep(lookMs);
        if (signs !== before || underWay > 0) quiet = 0;
        else if (quiet === quietLooks) {
          onStandstill();
          quiet = 0;
        }
      }
      isWatched = false;
    },
  };
}
