// What the diff policy flags, as a warning to stand at the top: the short list that a reviewer begins with.
import { flagGroups } from '../../journal/judgement-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import { code, foreign } from '../foreign.ts';
import { alert, bullets, sections } from './table.ts';

/** Empty when there is nothing to flag. At most `max` files. */
export function flagNote(state: RunState, max: number): string {
  const lines = flagGroups(state).flatMap(({ title, items }) =>
    items.map(({ place, words }) => [`${title}:`, code(place, 160), foreign(words, 300)].filter(Boolean).join(' ')),
  );
  if (lines.length === 0) return '';
  return alert('WARNING', sections('**Look at these first. They do more than other files can.**', bullets(lines, max)));
}
