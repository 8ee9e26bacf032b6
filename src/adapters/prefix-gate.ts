// Lets the first request of a prefix go alone until its reply begins: only then can others read the cache entry that it
// writes, and they would otherwise each pay for writing it again.
import type { Clock } from '../ports.ts';

/** Cache entries live so long from their last use (Anthropic's shorter life, which is the one we ask for). */
const WARM_MS = 5 * 60_000;
/** A reply begins within seconds, before any thinking; whoever waited a minute does better without the entry. */
const MAX_WAIT_MS = 60_000;

export interface GatePass {
  /** The reply has begun: the prefix can be read. */
  begun(): void;
  /** To be called when the attempt has ended, however. Where it never began, the next in line goes first. */
  end(): void;
}

export interface PrefixGate {
  /**
   * Waits while the first request of the same prefix has not begun to be answered; at most a minute, and never when the
   * prefix was used in the last five.
   * @param key the same for requests that share a prefix; null for one that is not worth waiting for
   */
  enter(key: string | null, signal: AbortSignal): Promise<GatePass>;
}

interface Prefix {
  warmUntil: number;
  /** Wakes all who wait behind the request under way; null when there is none. */
  leader: { readonly settled: Promise<void>; readonly settle: () => void } | null;
}

/** One for each service and run. */
export function createPrefixGate(clock: Clock): PrefixGate {
  const prefixes = new Map<string, Prefix>();

  return {
    async enter(key, signal) {
      if (key === null) return noPass;
      const prefix = prefixes.get(key) ?? { warmUntil: -Infinity, leader: null };
      prefixes.set(key, prefix);
      const until = clock.now() + MAX_WAIT_MS;
      while (prefix.leader !== null && clock.now() < until && !signal.aborted)
        await settledOrTime(prefix.leader.settled, clock, until, signal);
      const leads = prefix.leader === null && prefix.warmUntil <= clock.now();
      if (leads) prefix.leader = startLeader();
      return passOf(prefix, leads ? prefix.leader : null, clock);
    },
  };
}

const noPass: GatePass = { begun: () => undefined, end: () => undefined };

function startLeader() {
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { settled, settle };
}

function passOf(prefix: Prefix, led: Prefix['leader'], clock: Clock): GatePass {
  const end = (): void => {
    if (led !== null && prefix.leader === led) prefix.leader = null;
    led?.settle();
  };
  return {
    begun: () => {
      prefix.warmUntil = clock.now() + WARM_MS;
      end();
    },
    end,
  };
}

async function settledOrTime(settled: Promise<void>, clock: Clock, until: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const timer = clock.sleep(Math.max(0, until - clock.now()), AbortSignal.any([signal, done.signal]));
  // The wait ends with whichever comes first; a timer that is cut short has nothing to say.
  await Promise.race([settled, timer.catch(() => undefined)]);
  done.abort();
}
