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
  let isKept = false;
  let failed = false;
  let wake = new AbortController();
  const ended = new AbortController();
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
      await clock.sleep(lookMs, wake.signal).catch(() => undefined);
      // Changes come in bursts, above all when tasks begin: one push tells them all.
      await clock.sleep(gatherMs, ended.signal).catch(() => undefined);
      wake = new AbortController();
      if (isKept) await guarded(writer.look);
    }
  };

  return {
    async take(expected) {
      // A run may fail before it has claimed anything; a loop that began after its end would end never.
      if (ended.signal.aborted) return false;
      taking = writer.take(expected);
      isKept = await taking;
      if (!ended.signal.aborted) loop = keepUp();
      return isKept;
    },
    touch() {
      writer.touch();
      wake.abort();
    },
    async finish() {
      ended.abort();
      await taking.catch(() => false);
      if (!isKept) return;
      isKept = false;
      wake.abort();
      await loop;
      await guarded(writer.write);
    },
  };
}
