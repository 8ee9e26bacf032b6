// What a thrown error makes of a run.
import { describeFailure } from './describe-failure.ts';
import { isRunError } from './errors.ts';
import type { RunState } from './journal/run-state.ts';
import type { RunOutcome } from './types.ts';

/** The outcome of a run that ended with this error: its words, and the branches that hold what was done before. */
export function failedOutcome(error: unknown, state: RunState): RunOutcome {
  const saved = state.branches.map((branch) => branch.branch);
  const code = isRunError(error) ? error.code : null;
  return { kind: 'failed', stage: state.stage ?? 'trigger', code, error: describeFailure(error), saved };
}
