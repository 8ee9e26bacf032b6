// Cuts a stream that shows no sign of life. An SDK's own limit ends with the headers, so a stream has none.
import type { Clock } from '../ports.ts';
import { AttemptCut } from './model-attempt.ts';

/** Nothing at all, not even a ping, for so long: the stream is dead. The first event may take a model's whole thinking. */
const SILENCE_MS = 90_000;
const FIRST_EVENT_MS = 300_000;
/** The stream should close right after its last event; waiting a little lets the connection be used again. */
const CLOSING_MS = 1_000;

export interface StreamWatch {
  /** To be given to the request: aborts with an AttemptCut on silence, or as the outer signal does. */
  readonly signal: AbortSignal;
  /** Something came. */
  touch(): void;
  /** All has come; only the end of the stream is missing. */
  closing(): void;
  /** Ends the attempt now. What had come already may still be read, so the reader throws what this returns. */
  cut(why: AttemptCut['why'], message: string): AttemptCut;
  end(): void;
}

/** Watches from now on; `end` must be called. */
export function watchStream(clock: Clock, outer: AbortSignal): StreamWatch {
  const silence = new AbortController();
  const cut = (why: AttemptCut['why'], message: string): AttemptCut => {
    const reason = new AttemptCut(why, message);
    silence.abort(reason);
    return reason;
  };
  const fallSilent = (): void => void cut('silence', 'the stream fell silent');
  let phase: 'opening' | 'open' | 'closing' = 'opening';
  let timer = startTimer(clock, FIRST_EVENT_MS, fallSilent);
  const enter = (next: typeof phase, limitMs: number): void => {
    phase = next;
    timer.end();
    timer = startTimer(clock, limitMs, fallSilent);
  };
  return {
    signal: AbortSignal.any([outer, silence.signal]),
    touch: () => (phase === 'opening' ? enter('open', SILENCE_MS) : timer.touch()),
    closing: () => enter('closing', CLOSING_MS),
    cut,
    end: () => timer.end(),
  };
}

interface Timer {
  /** The time starts again. */
  touch(): void;
  end(): void;
}

/** One sleep for many events: it is set again only when it ends before its time. */
function startTimer(clock: Clock, limitMs: number, onSilence: () => void): Timer {
  const ended = new AbortController();
  let lastLifeAt = clock.now();
  const wait = async (): Promise<void> => {
    for (;;) {
      const leftMs = lastLifeAt + limitMs - clock.now();
      if (leftMs <= 0) return onSilence();
      await clock.sleep(leftMs, ended.signal);
      if (ended.signal.aborted) return;
    }
  };
  // A sleep that is cut short rejects: the watch has ended, and that is all there is to say.
  wait().catch(() => undefined);
  return {
    touch: () => {
      lastLifeAt = clock.now();
    },
    end: () => ended.abort(),
  };
}
