// A model call that failed for good, as an error of the catalogue.
import { RunError, type ErrorCode } from './errors.ts';
import type { ModelReply } from './ports.ts';

type Failure = Extract<ModelReply, { kind: 'failed' }>;

const codes: Readonly<Record<Failure['reason'], ErrorCode>> = {
  auth: 'model-auth',
  'unknown-model': 'model-unknown',
  'spend-limit': 'model-spend-limit',
  overloaded: 'model-unavailable',
  network: 'model-unavailable',
  'invalid-request': 'model-refused-request',
  aborted: 'model-unavailable',
};

/** The error that tells the user what to do about a failed call. */
export function modelFailure(failure: Failure, model: string): RunError {
  return new RunError(codes[failure.reason], { detail: failure.message, model });
}
