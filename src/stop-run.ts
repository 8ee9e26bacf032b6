// How a run is ended early: who wanted it, and how much time there is.
import type { RunState } from './journal/run-state.ts';
import type { Clock, Reporter } from './ports.ts';
import type { RunOutcome } from './types.ts';

/** Given to `AbortController.abort` of the run. */
export interface StopReason {
  /** A person, a signal, another run: goes into `The run was stopped by ...`. */
  readonly by: string;
  /** True when the process is about to be killed: GitHub gives a cancelled job 7.5 s, then 2.5 s. */
  readonly hurried: boolean;
}

/** Milliseconds for tasks to end and their work to be pushed; then the run is told as stopped, whatever still goes on. */
const endingMs = 4_000;
/** And for the last words (record, progress comment): both together leave a second of the 7.5 that there are. */
export const lastWordsMs = 2_500;

/** The reason of a signal that aborted; null for one of a limit, which has been told by itself. */
function reasonOf({ reason }: AbortSignal): StopReason | null {
  const given: unknown = reason;
  if (typeof given !== 'object' || given === null || !('by' in given) || !('hurried' in given)) return null;
  return typeof given.by === 'string' ? { by: given.by, hurried: given.hurried === true } : null;
}

export const isHurried = (signal: AbortSignal): boolean => signal.aborted && reasonOf(signal)?.hurried === true;

/** Tells the run who stopped it. */
export function tellStop(signal: AbortSignal, reporter: Reporter): void {
  const reason = reasonOf(signal);
  if (reason !== null) reporter.emit({ type: 'stop.requested', by: reason.by });
}

/** The outcome, or, where the process is about to be killed and it takes too long, that it was stopped. */
export function beforeTheEnd(
  running: Promise<RunOutcome>,
  signal: AbortSignal,
  state: () => RunState,
  clock: Pick<Clock, 'sleep'>,
): Promise<RunOutcome> {
  const late = new Promise<RunOutcome>((resolve) => {
    signal.addEventListener('abort', () => {
      if (!isHurried(signal)) return;
      const reason = `The run was stopped by ${reasonOf(signal)?.by ?? 'a signal'}.`;
      const outcome = (): RunOutcome => state().outcome ?? { kind: 'partial', pullRequest: null, branch: null, reason };
      void clock.sleep(endingMs).then(() => resolve(outcome()));
    });
  });
  return Promise.race([running, late]);
}
