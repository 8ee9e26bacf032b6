// An error in words, for whoever started the run.
import { isRunError } from './errors.ts';
import { asFullDisk } from './full-disk.ts';

/** A user's error with its hint; anything else is a bug of ours and says so. */
export function describeFailure(error: unknown): string {
  const known = isRunError(error) ? error : asFullDisk(error);
  if (known !== null) return `${known.message}\n${known.hint}`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in ai-implement; please report it.\n${stack}`;
}
