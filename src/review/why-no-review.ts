// Whether a review of the integrated work is worth its price. Decided by facts, never by a model.
import type { Check, FileChange } from '../types.ts';

export interface ReviewFacts {
  /** `coordination.review`. */
  readonly mode: 'auto' | 'always' | 'off';
  readonly changedFiles: readonly FileChange[];
  /** Checks on the integrated work. */
  readonly checks: readonly Check[];
  /** Why no further work may start; null while it may. */
  readonly stopReason: string | null;
}

/**
 * Changed lines, added and deleted, that a reviewer of the pull request takes in at a glance: about half a screen. With
 * passing checks beside them a review costs more than it finds.
 */
const AT_A_GLANCE = 15;

/** Null when the work is to be reviewed, else the reason why not, in a few words. */
export function whyNoReview({ mode, changedFiles, checks, stopReason }: ReviewFacts): string | null {
  if (mode === 'off') return 'it is turned off';
  if (changedFiles.length === 0) return 'nothing was integrated';
  if (stopReason !== null) return stopReason;
  if (mode === 'always') return null;
  const lines = changedFiles.reduce((sum, { addedLines, deletedLines }) => sum + addedLines + deletedLines, 0);
  const passes = checks.length > 0 && checks.every(({ exitCode }) => exitCode === 0);
  return lines <= AT_A_GLANCE && passes ? 'the change is small and its checks pass' : null;
}
