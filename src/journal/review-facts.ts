// What the review of the integrated work came to, read from a run's state. Findings are the reviewer's claims.
import type { Finding } from '../types.ts';
import { formatCounted } from './format.ts';
import type { RunState } from './run-state.ts';

/** Findings of the last review: what it found before was worked on, and is gone where it is not named again. */
export const standingFindings = ({ reviews }: RunState): readonly Finding[] => reviews.at(-1)?.findings ?? [];

/** Findings of high severity that no later review shows to be mended. */
export const openFaults = (state: RunState): readonly Finding[] =>
  standingFindings(state).filter(({ severity }) => severity === 'high');

/** One sentence: `Reviewed with a clean context: nothing grave, 2 smaller findings.` Null without a review. */
export function reviewSentence(state: RunState): string | null {
  const rounds = state.reviews.length;
  if (rounds === 0) return null;
  const open = openFaults(state).length;
  const smaller = standingFindings(state).length - open;
  const grave = open === 0 ? 'nothing grave' : `${formatCounted(open, 'grave finding')} open`;
  const rest = smaller === 0 ? '' : `, ${formatCounted(smaller, 'smaller finding')}`;
  const mended = rounds === 1 ? '' : `, ${formatCounted(rounds - 1, 'round')} of mending`;
  return `Reviewed with a clean context${mended}: ${grave}${rest}.`;
}

/** `src/a.ts:7`, or the file alone. Untrusted text. */
export const findingPlace = ({ file, line }: Finding): string => (line === null ? file : `${file}:${line}`);
