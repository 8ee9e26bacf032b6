import { expect, test } from '@jest/globals';
import { wrap } from '../../src/report/task-graph.ts';

test.each([
  ['short title', ['short title']],
  ['a title of more words than one line', ['a title of more words', 'than one line']],
  ['a title of far too many words to be shown in a box', ['a title of far too many', 'words to be shown in a…']],
  ['averyveryverylongwordwithoutspaces', ['averyveryverylongwordw…']],
  ['', ['']],
])('"%s" is wrapped to two lines of a box', (title, lines) => {
  expect(wrap(title, 23)).toEqual(lines);
});
