import { expect, test } from '@jest/globals';
import { caseCollisions } from '../../src/sandbox/case-collisions.ts';

test.each([
  ['another case of a file', ['src/a.ts'], ['src/A.ts'], ['src/A.ts']],
  ['another case of a directory', ['src/a.ts'], ['SRC/b.ts'], ['SRC/b.ts']],
  ['a file that is a directory in another case', ['src/a.ts'], ['SRC'], ['SRC']],
  ['another composition of an accent', ['é.txt'], ['e\u0301.txt'], ['e\u0301.txt']],
  ['two new ones, of which the first stays', [], ['a', 'A'], ['A']],
  ['a new file beside an old one', ['src/a.ts'], ['src/b.ts'], []],
  ['a new file in one of two directories that the commit has', ['A/x', 'a/y'], ['A/z', 'a/z'], ['a/z']],
])('finds %s', (_name, kept, added, expected) => {
  expect(caseCollisions(kept, added)).toEqual(expected);
});
