// Calls to the outside whose answers are in the journal: taken from there by a run that goes on, recorded by one that is new.
import * as z from 'zod/mini';
import type { Reporter } from '../ports.ts';
import type { EarlierAnswer, EarlierRun } from './earlier-run.ts';
import { fromRecorded, toRecorded } from './recorded-error.ts';

export interface Recording {
  readonly earlier: EarlierRun;
  readonly reporter: Reporter;
  /** Given where the run is only replayed: nothing is made then that the journal does not answer. */
  readonly replay?: Replaying;
}

export interface Replaying {
  /** Resolves when everything that stands before this entry has been told again. */
  reach(seq: number): Promise<void>;
}

export interface Call<T> {
  /**
   * How to find out whether a call that was begun before the process was killed has been made: its answer where it was,
   * else null. Given for a call that changes something.
   */
  readonly lookUp?: () => Promise<{ readonly answer: T } | null>;
  /** Whoever makes the call goes on from its failure as from an answer, and what is asked of models depends on it. */
  readonly stands?: true;
}

/**
 * Answers a call from the journal, or makes it and records what came of it. A call that changes something is announced
 * first, and looked up before it is made again. What it throws is recorded and thrown: see forgotten-failures.ts for what
 * becomes of that when the run goes on.
 * @param call names the call and what it is made with; calls of one name are told apart by their order
 */
export async function recordCall<T>(
  call: string,
  act: () => Promise<T>,
  recording: Recording,
  how: Call<T> = {},
): Promise<T> {
  const { earlier, reporter } = recording;
  const before = await takeAnswer(call, recording);
  // The version of the journal vouches for its answers, as it does for its events.
  if (before !== null) return z.parse(z.custom<T>(), before.answer);
  if (how.lookUp !== undefined) {
    const found = earlier.takeDoubt(call) ? await how.lookUp() : null;
    if (found !== null) return ended(call, found.answer, reporter);
    reporter.emit({ type: 'call.started', call });
  }
  return ended(call, await recordFailure(call, act, reporter, how), reporter);
}

/** Records nothing but a failure: for what tells of its answers in events of its own. A recorded one is thrown again. */
export async function recordOnlyFailure<T>(call: string, act: () => Promise<T>, recording: Recording): Promise<T> {
  await takeAnswer(call, recording);
  return recordFailure(call, act, recording.reporter, {});
}

/** The next answer of the journal, when it is its turn; null where there is none. @throws the error that stands for it */
async function takeAnswer(
  call: string,
  { earlier, replay }: Recording,
): Promise<Extract<EarlierAnswer, { answer: unknown }> | null> {
  const before = earlier.answersTo(call).shift();
  if (before === undefined) return null;
  await replay?.reach(before.seq);
  if ('error' in before) throw fromRecorded(before.error);
  return before;
}

async function recordFailure<T>(
  call: string,
  act: () => Promise<T>,
  reporter: Reporter,
  { stands }: Call<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    reporter.emit({ type: 'call.failed', call, error: toRecorded(error), ...(stands === true ? { stands } : {}) });
    throw error;
  }
}

function ended<T>(call: string, answer: T, reporter: Reporter): T {
  reporter.emit({ type: 'call.ended', call, answer: answer ?? null });
  return answer;
}
