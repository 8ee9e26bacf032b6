// A machine that outlives the job and that strangers can reach: what one run leaves there, the next one finds.
import { RunError } from '../errors.ts';

export interface Runner {
  /** RUNNER_ENVIRONMENT: `github-hosted` or `self-hosted`; absent away from a runner. */
  readonly environment: string | undefined;
  /** Of the repository, where the event says so. */
  readonly isPrivate: boolean | undefined;
  /** `ephemeral_runner` of the configuration. */
  readonly isEphemeral: boolean;
}

/** Why nothing may run on this machine, or null. A repository of which nothing is known counts as public. */
export const runnerProblem = ({ environment, isPrivate, isEphemeral }: Runner): RunError | null =>
  environment === 'self-hosted' && isPrivate !== true && !isEphemeral ? new RunError('runner-not-ephemeral') : null;
