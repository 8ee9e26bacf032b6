// A disk without room, as files and git tell of it.
import { isRunError, RunError } from './errors.ts';

/** Names of the errors: errno(3). git gives the system's words for them instead. */
const signs = /\b(?:ENOSPC|EDQUOT|EFBIG)\b|No space left on device|Disk quota exceeded|File too large/;

/** The error that the user can mend, where that is what was thrown; null for anything else. */
export function asFullDisk(error: unknown): RunError | null {
  if (!(error instanceof Error) || isRunError(error) || !signs.test(error.message)) return null;
  return new RunError('disk-full', { detail: error.message.split('\n', 1)[0] ?? '' }, error);
}
