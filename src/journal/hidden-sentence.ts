// What the filter took out of a request, in one sentence: the same in comment, pull request, report and log.
import type { Issue } from '../types.ts';
import { formatCount, formatCounted } from './format.ts';

/** `214 hidden characters were removed from the issue: HTML comment 180, link title 34.`; empty when there were none. */
export function hiddenSentence(issue: Issue | null): string {
  if (issue === null || issue.hiddenCharacters === 0) return '';
  const kinds = Object.entries(issue.hidden?.byClass ?? {}).map(([kind, count]) => `${kind} ${formatCount(count)}`);
  const where = issue.number === null ? 'request' : 'issue';
  const counted = formatCounted(issue.hiddenCharacters, 'hidden character');
  const were = issue.hiddenCharacters === 1 ? 'was' : 'were';
  return `${counted} ${were} removed from the ${where}${kinds.length === 0 ? '' : `: ${kinds.join(', ')}`}.`;
}
