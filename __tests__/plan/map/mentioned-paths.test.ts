import { expect, test } from '@jest/globals';
import { mentionedPaths } from '../../../src/plan/map/mentioned-paths.ts';

const paths = [
  'src/lib/help.js',
  'src/other/help.js',
  'README.md',
  'a/index.js',
  'b/index.js',
  'c/index.js',
  'd/index.js',
];
const mentioned = (body: string) => [...mentionedPaths({ title: '', body, instructions: '' }, paths)];

test.each([
  ['at run (/home/ada/app/src/lib/help.js:12:3)', ['src/lib/help.js']],
  ['https://forge.example/o/r/blob/main/src/other/help.js#L3', ['src/other/help.js']],
  ['see `./lib/help.js`', ['src/lib/help.js']],
  ['see help.js', ['src/lib/help.js', 'src/other/help.js']],
  ['index.js is too many', []],
  ['node v20.1, e.g. nothing', []],
])('%j names its files', (body, expected) => {
  expect(mentioned(body)).toEqual(expected);
});
