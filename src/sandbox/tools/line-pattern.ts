// A search pattern as a function over text, with a guard against patterns that never end.
import { type Context, createContext, Script } from 'node:vm';
import { isRecord } from './tool-schema.ts';

export interface LinePattern {
  /** Indexes of matching lines, at most `limit`; null when the time limit was hit. */
  matchingLines(lines: readonly string[], limit: number): readonly number[] | null;
  /** False when a text without this string cannot have a matching line. */
  canMatch(text: string): boolean;
  /** What had to be done to understand the pattern; null when nothing. */
  remark: string | null;
}

/** Time for one file. A sane pattern needs about 10 ms a MiB; nested quantifiers may need longer than the sun lasts. */
const maxFileMs = 500;
/** Characters of a line that are searched; longer lines are minified code or data. */
const maxLineCharacters = 20_000;

/** JavaScript syntax, with `(?i)` at the start understood; a pattern that is not valid is searched for literally. */
export function compileLinePattern(pattern: string): LinePattern {
  const source = pattern.replace(/^\(\?i\)/, '');
  const flags = source === pattern ? '' : 'i';
  const regex = compile(source, flags);
  const required = regex === null ? pattern : requiredText(source, flags);
  const test = regex === null ? (line: string) => line.includes(pattern) : (line: string) => regex.test(line);
  return {
    matchingLines: (lines, limit) => withTimeLimit(() => indexesOf(lines, test, limit)),
    canMatch: (text) => text.includes(required),
    remark: regex === null ? 'The pattern is not a valid regular expression; searched for it literally.' : null,
  };
}

function compile(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}

/**
 * The longest piece of plain text without which nothing can match; empty when that is not plain to see. Most files of a
 * tree are dismissed by it at once, without a line of theirs being looked at.
 */
function requiredText(source: string, flags: string): string {
  if (flags !== '' || /[|()]|\\[xuckpP\d]/.test(source)) return '';
  const single = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/g, '.');
  const pieces = single.replace(/.(?:[?*]|\{[^}]*\})/g, '.').split(/[^\w -]+/);
  return pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

function indexesOf(lines: readonly string[], test: (line: string) => boolean, limit: number): readonly number[] {
  const found: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (!test(line.length > maxLineCharacters ? line.slice(0, maxLineCharacters) : line)) continue;
    found.push(index);
    if (found.length >= limit) break;
  }
  return found;
}

/** Made at the first search: a context costs about a millisecond, and most processes that load this never search. */
let box: { readonly context: Context; readonly run: Script } | null = null;

/** V8 interrupts a backtracking expression only for a script with a time limit; about 0.1 ms a call. */
function withTimeLimit<T>(action: () => T): T | null {
  let result: T | null = null;
  box ??= { context: createContext({}), run: new Script('task()') };
  box.context['task'] = () => {
    result = action();
  };
  try {
    box.run.runInContext(box.context, { timeout: maxFileMs });
  } catch (error) {
    if (!isRecord(error) || error['code'] !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return null;
  }
  return result;
}
