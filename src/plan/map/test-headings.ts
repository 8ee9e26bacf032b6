// The tests of a file by their headings: `describe` and `it` of scripts, test functions of other languages.
import { definitionsIn } from './definitions.ts';

export interface TestHeading {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** True for a group of tests. */
  readonly isGroup: boolean;
}

const SCRIPT = /^\s*(describe|suite|context|it|test|specify)((?:\.\w+)*)\s*\(\s*(['"`])((?:\\.|(?!\3).){1,200})/;
const EACH = /^\s*(describe|it|test)\.each\b/;
const MAX_TEXT = 90;

/** Headings in order of lines; empty for files without any that are known. */
export function testHeadings(path: string, lines: readonly string[]): TestHeading[] {
  const found = lines.flatMap((line, index) => {
    const match = SCRIPT.exec(line);
    const [, word = '', , , title = ''] = match ?? [];
    if (match !== null) return [{ line: index + 1, text: `${word}: ${cut(title)}`, isGroup: isGroup(word) }];
    const each = EACH.exec(line)?.[1];
    return each === undefined ? [] : [{ line: index + 1, text: `${each}.each`, isGroup: isGroup(each) }];
  });
  if (found.length > 0) return found;
  return definitionsIn(path, lines)
    .filter(({ name }) => /^(test|Test|should|it_|spec_)/.test(name) || /Test$/.test(name))
    .map(({ line, name, text }) => ({ line, text: cut(text), isGroup: /\bclass\b/.test(text) && /Test/.test(name) }));
}

const isGroup = (word: string): boolean => /^(describe|suite|context)$/.test(word);

const cut = (text: string): string => (text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`);
