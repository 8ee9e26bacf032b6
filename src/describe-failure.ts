// An error in words, for whoever started the run.
import { RunError } from './errors.ts';

/** A user's error with its hint; anything else is a bug of ours and says so. */
export function describeFailure(error: unknown): string {
  if (error instanceof RunError) return `${error.message}\n${error.hint}`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in ai-implement; please report it.\n${stack}`;
}
