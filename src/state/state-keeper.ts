// Keeps the state record of a run up to date on its branch, and learns there when somebody wants the run to stop.
import { createStateWriter, type StateWriterDeps } from './state-writer.ts';

export interface StateKeeperDeps extends StateWriterDeps {
  /** A failed write does not end a run; it is told once. */
  readonly onFailed: (error: unknown) => void;
  /** How often the branch is looked at, in milliseconds. */
  readonly lookMs?: number;
}

export interface StateKeeper {
  /** The first write, over what the branch points at. False when somebody else was first, or after the end. Throws what git says. */
  take(expected: string | null): Promise<boolean>;
  /** Something changed that a later start must know; written soon. */
  touch(): void;
  /** Waits until all that is known now is written, or could not be. Never rejects. */
  flush(): Promise<void>;
  /** Writes the last state and waits for it. Never rejects. */
  finish(): Promise<void>;
}

/** A request to stop is seen within so long: looking is one small request. */
const usualLookMs = 15_000;

/** Between a change and its push. */
const gatherMs = 1_000;

/** Does nothing before `take`. */
export function createStateKeeper(deps: StateKeeperDeps): StateKeeper {
  const { clock, lookMs = usualLookMs } = deps;
  const writer = createStateWriter(deps);
  let [isKept, isOver, failed] = [false, false, false];
  /** A look at the branch that has not begun yet. An abort of `wake` begins it soon, of `hurry` at once. */
  let next = round();
  let loop: Promise<void> = Promise.resolve();
  let taking: Promise<boolean> = Promise.resolve(false);

  const guarded = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      if (!failed) deps.onFailed(error);
      failed = true;
    }
  };
  const keepUp = async (): Promise<void> => {
    while (isKept && !writer.isLost()) {
      // An aborted sleep is how a change wakes this loop.
      await clock.sleep(lookMs, next.wake.signal).catch(() => undefined);
      // Changes come in bursts, above all when tasks begin: one push tells them all.
      await clock.sleep(gatherMs, next.hurry.signal).catch(() => undefined);
      const { end } = next;
      next = round();
      if (isKept) await guarded(writer.look);
      end();
    }
    next.end();
  };
  const hurry = (): void => {
    next.wake.abort();
    next.hurry.abort();
  };

  return {
    async take(expected) {
      // A run may fail before it has claimed anything; a loop that began after its end would end never.
      if (isOver) return false;
      taking = writer.take(expected);
      isKept = await taking;
      if (!isOver) loop = keepUp();
      return isKept;
    },
    touch() {
      writer.touch();
      next.wake.abort();
    },
    async flush() {
      if (!isKept || writer.isLost()) return;
      const { ended } = next;
      hurry();
      await ended;
    },
    async finish() {
      isOver = true;
      await taking.catch(() => false);
      if (!isKept) return;
      isKept = false;
      hurry();
      await loop;
      await guarded(writer.write);
    },
  };
}

function round() {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { wake: new AbortController(), hurry: new AbortController(), ended, end: () => end() };
}
