import { expect, test } from '@jest/globals';
import { createWordFit, requestWords } from '../../../src/plan/map/request-words.ts';

const wordsOf = (title: string, body: string) => requestWords({ title, body, instructions: '' });

test('words of a request are parts of its names, too, in the singular; what every text has is none', () => {
  expect([...wordsOf('Group options', 'Then `sortOptions` should sort these.').keys()]).toEqual([
    'group',
    'option',
    'sort',
  ]);
});

test('a word that is said often or in the title counts more, up to a bound', () => {
  const words = wordsOf('heading', `option option group ${'help '.repeat(99)}`);
  expect(['heading', 'group', 'option', 'help'].map((word) => words.get(word))).toEqual([2, 1, 1.5, 3]);
});

test('names fit by the words that few of them have, and by having no others', () => {
  const names = ['formatHelp', 'helpOption', 'addOption', 'parseOption', 'sum'];
  const fit = createWordFit(wordsOf('x', 'help option'), names);
  const inOrder = [...names].sort((a, b) => fit(b) - fit(a));
  expect(inOrder).toEqual(['helpOption', 'formatHelp', 'addOption', 'parseOption', 'sum']);
  expect(fit('sum')).toBe(0);
});
