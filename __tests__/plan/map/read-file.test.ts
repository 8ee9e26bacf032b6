import { expect, test } from '@jest/globals';
import { kindOf } from '../../../src/plan/map/file-kinds.ts';
import { scoreFile } from '../../../src/plan/map/read-file.ts';
import { requestNames } from '../../../src/plan/map/request-names.ts';

const names = requestNames({ title: 'x', body: '`usual_one`, `lateName` and `re`', instructions: '' });
const content = `${'usualOne(1);\nreturn\n'.repeat(120)}late_name(re);\n`;
/** Uses as the search finds them, which stops before the end. */
const readOf = (path: string, found: number) =>
  scoreFile(
    {
      path,
      kind: kindOf(path),
      score: 1,
      uses: new Map([[0, Array.from({ length: found }, (_, i) => 2 * i + 1)]]),
    },
    content,
    names,
    names.map(({ weight }) => weight),
  );

test('a source in which the search stopped early is searched to its end, in the same way', () => {
  expect(names.map(({ name }) => name)).toEqual(['usual_one', 'lateName', 're']);
  const { uses, exact } = readOf('src/a.ts', 100);
  expect([...uses].map(([name, lines]) => [name, lines.length, lines.at(-1)])).toEqual([
    [0, 120, 239],
    [1, 1, 241],
    [2, 1, 241],
  ]);
  expect(exact.get(1)).toEqual(new Set([241]));
});

test('of other files the uses are those that were found', () => {
  expect([...readOf('src/a.ts', 99).uses.keys()]).toEqual([0]);
  expect([...readOf('docs/a.md', 100).uses.keys()]).toEqual([0]);
});
