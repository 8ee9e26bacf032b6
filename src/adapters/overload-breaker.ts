// How many model calls may be under way at once. No limit while the service keeps up; halved when it does not, and
// grown again by what succeeds. One for a whole run: what one agent is told is true for all of them.

/** What the service said to an attempt; `other` says nothing of its load. */
export type AttemptOutcome = 'success' | 'overloaded' | 'rate-limit' | 'other';

export interface Slot {
  /** To be called once, when the attempt has ended. */
  end(outcome: AttemptOutcome): void;
}

export interface OverloadBreaker {
  /** Waits for its turn, first come first served; an aborted wait ends at once with a slot that counts for nothing. */
  enter(signal: AbortSignal): Promise<Slot>;
  /** Attempts that may be under way at once; Infinity while nothing ever went wrong. */
  limit(): number;
}

/** One overloaded answer is chance; so many in a row, from whichever agents, are an outage. */
const OVERLOADED_IN_A_ROW = 4;
const SUCCESSES_FOR_ONE_MORE = 10;

/**
 * Additive increase, multiplicative decrease, as for congestion in networks. A 429 is about us alone, so one is enough;
 * of 529s it takes four in a row. Attempts that began before a cut cannot cut again: they tell what is known.
 */
export function createOverloadBreaker(): OverloadBreaker {
  const waiting: (() => void)[] = [];
  let limit = Infinity;
  let underWay = 0;
  let peak = 0;
  let cuts = 0;
  let overloadedInARow = 0;
  let successes = 0;

  /** Half of what really ran at once. Where only one did, there is nothing to halve. */
  const cut = (): void => {
    const used = Math.min(limit, peak);
    if (used > 1) limit = Math.floor(used / 2);
    cuts += 1;
    peak = underWay;
    overloadedInARow = 0;
    successes = 0;
  };
  const learn = (outcome: AttemptOutcome, beganAfterCuts: number): void => {
    if (outcome === 'success') {
      overloadedInARow = 0;
      successes += 1;
      if (successes % SUCCESSES_FOR_ONE_MORE === 0) limit += 1;
    } else if (outcome !== 'other' && beganAfterCuts === cuts) {
      if (outcome === 'overloaded') overloadedInARow += 1;
      if (outcome === 'rate-limit' || overloadedInARow === OVERLOADED_IN_A_ROW) cut();
    }
  };
  const wake = (): void => {
    for (let free = limit - underWay; free > 0 && waiting.length > 0; free--) waiting.shift()?.();
  };
  const begin = (): Slot => {
    underWay += 1;
    peak = Math.max(peak, underWay);
    const beganAfterCuts = cuts;
    return {
      end: (outcome) => {
        underWay -= 1;
        learn(outcome, beganAfterCuts);
        wake();
      },
    };
  };

  return {
    async enter(signal) {
      // Those who are let in begin a moment later, so others may have come first.
      while (underWay >= limit && !signal.aborted) await turn(waiting, signal);
      if (!signal.aborted) return begin();
      // The turn may have come together with the stop: it goes to the next in line.
      wake();
      return { end: () => undefined };
    },
    limit: () => limit,
  };
}

/** Resolves when it is called from the queue, or when the signal is aborted. */
function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      waiting.splice(waiting.indexOf(go), 1);
      resolve();
    };
    signal.addEventListener('abort', leave, { once: true });
    waiting.push(go);
  });
}
