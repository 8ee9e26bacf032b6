// What is said of a change by the content that it adds: secrets, characters that are not seen, lines nobody reads.
import { formatCount } from '../journal/format.ts';
import type { DiffFinding } from '../types.ts';
import type { AddedLine } from './added-lines.ts';
import { findHidden } from './hidden-characters.ts';
import { isTestFixture } from './test-paths.ts';

/** Finds what looks like a secret (`own`: is one that this process holds); `line` counts from 1 in the text. */
export type FindSecrets = (
  text: string,
) => readonly { readonly rule: string; readonly own: boolean; readonly line: number }[];

/** At most so many of one rule in one file: the first ones tell what is wrong with it. */
const maxOfRule = 5;

/** Longer lines are made by tools, or hide something. */
export const maxLineLength = 2_000;

/** Secrets in lines that a file gained; the value is never part of what is said. */
export function secretFindings(
  path: string,
  added: readonly AddedLine[],
  findSecrets: FindSecrets,
): readonly DiffFinding[] {
  if (added.length === 0) return [];
  const found = findSecrets(added.map(({ text }) => text).join('\n'));
  return found.slice(0, maxOfRule).map(({ rule, own, line }) => ({
    rule: 'secret',
    path,
    line: added[line - 1]?.line ?? null,
    words: own ? `It holds a credential of this very run (${rule}).` : `It holds what looks like a secret (${rule}).`,
    ...(own ? { own: true as const } : {}),
  }));
}

/** Characters that are not seen. */
export function hiddenFindings(path: string, added: readonly AddedLine[]): readonly DiffFinding[] {
  const found = added.flatMap(({ line, text }) => {
    // A byte order mark at the start of a file says how it is coded.
    const words = findHidden(line === 1 ? text.replace(/^\ufeff/, '') : text);
    return words === null ? [] : [{ rule: 'hidden-characters' as const, path, line, words }];
  });
  return found.slice(0, maxOfRule);
}

/** True where hidden characters are a flag and no block: such files hold them on purpose. */
export const mayHide = (path: string): boolean => isTestFixture(path);

/** A flag for the first of the lines that are too long to be read. */
export function longLineFlags(path: string, added: readonly AddedLine[]): readonly DiffFinding[] {
  const long = added.filter(({ text }) => text.length > maxLineLength);
  const [first] = long;
  if (first === undefined) return [];
  const more = long.length === 1 ? '' : `, and ${long.length - 1} more like it`;
  const words = `This line has ${formatCount(first.text.length)} characters${more}; nobody reads that.`;
  return [{ rule: 'long-line', path, line: first.line, words }];
}
