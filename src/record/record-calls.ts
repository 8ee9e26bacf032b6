// Calls to the outside whose answers are in the journal: taken from there by a run that goes on, recorded by one that is new.
import * as z from 'zod/mini';
import type { Reporter } from '../ports.ts';
import type { EarlierRun } from './earlier-run.ts';

export interface Recording {
  readonly earlier: EarlierRun;
  readonly reporter: Reporter;
}

/** How to find out whether a call that was begun before the process was killed has been made. */
export interface Effect<T> {
  /** Its answer where it was made, else null. */
  readonly lookUp: () => Promise<{ readonly answer: T } | null>;
}

/**
 * Answers a call from the journal, or makes it and records the answer. A call that changes something is announced
 * first, and looked up before it is made again. What it throws is thrown and not recorded: it is then made anew.
 * @param call names the call and what it is made with; calls of one name are told apart by their order
 */
export async function recordCall<T>(
  call: string,
  act: () => Promise<T>,
  { earlier, reporter }: Recording,
  effect?: Effect<T>,
): Promise<T> {
  const answers = earlier.answersTo(call);
  // The version of the journal vouches for its answers, as it does for its events.
  if (answers.length > 0) return z.custom<T>().parse(answers.shift());
  if (effect !== undefined) {
    const found = earlier.takeDoubt(call) ? await effect.lookUp() : null;
    if (found !== null) return ended(call, found.answer, reporter);
    reporter.emit({ type: 'call.started', call });
  }
  return ended(call, await act(), reporter);
}

function ended<T>(call: string, answer: T, reporter: Reporter): T {
  reporter.emit({ type: 'call.ended', call, answer: answer ?? null });
  return answer;
}
