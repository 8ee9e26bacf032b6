// An error as the journal keeps it, and back: who catches it sees the same code and words as the first time.
import { catalogue, isRunError, RunError, type ErrorCode } from '../errors.ts';
import type { RecordedError } from '../events.ts';

export function toRecorded(error: unknown): RecordedError {
  const message = error instanceof Error ? error.message : String(error);
  return isRunError(error) ? { code: error.code, facts: error.facts, message } : { code: null, facts: {}, message };
}

/** A `RunError` again where it was one of a code that is still known. */
export function fromRecorded({ code, facts, message }: RecordedError): Error {
  return code !== null && isCode(code) ? new RunError(code, facts) : new Error(message);
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);
