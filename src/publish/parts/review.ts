// What the reviewer of the integrated work claims: grave findings to stand at the top, the rest in a section.
import { findingPlace, openFaults, reviewSentence, standingFindings } from '../../journal/review-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import type { Finding } from '../../types.ts';
import { code, foreign } from '../foreign.ts';
import { alert, bullets, sections } from './table.ts';

/** Grave findings that were not seen to be mended, as a warning; empty when there are none. */
export function openFaultNote(state: RunState, max: number): string {
  const faults = openFaults(state);
  if (faults.length === 0) return '';
  const title = '**The reviewer (a model) finds this grave, and it is not shown to be mended.**';
  return alert('WARNING', sections(title, bullets(faults.map(findingWords), max)));
}

/** The verdict in a sentence, then the smaller findings as claims; empty when nothing was reviewed. */
export function reviewSection(state: RunState, max: number): string {
  const smaller = standingFindings(state).filter(({ severity }) => severity !== 'high');
  const items = smaller.map((finding) => `${finding.severity}: ${findingWords(finding)}`);
  return sections(
    reviewSentence(state),
    smaller.length > 0 && 'Claims of the reviewer (not verified):',
    bullets(items, max),
  );
}

const findingWords = (finding: Finding): string => `${code(findingPlace(finding), 120)}: ${foreign(finding.why, 600)}`;
