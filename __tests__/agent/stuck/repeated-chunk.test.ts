import { expect, test } from '@jest/globals';
import { REPEAT_WINDOW, repeatedChunk } from '../../../src/agent/stuck/repeated-chunk.ts';
import { times } from './history.ts';

const sentence = 'Wait, let me look at the tests once more, they may differ. ';
const filler = (length: number, seed: number) =>
  times(length, (i) => String.fromCharCode(97 + ((i * i * 7 + i * seed * 13 + seed) % 26))).join('');

test('a sentence that comes ten times is found, nine times is not', () => {
  expect(repeatedChunk(sentence.repeat(9))).toBeNull();
  expect(repeatedChunk(sentence.repeat(10))).toBe(sentence.slice(0, 50));
});

test('it is found at the end of a long text, by its last characters alone', () => {
  const text = filler(5_000, 3).replace(/(.{80})/g, '$1\n') + sentence.repeat(10);
  expect(repeatedChunk(text.slice(-REPEAT_WINDOW))).not.toBeNull();
});

test('repeats that lie far apart are no loop', () => {
  const apart = (gap: number) => times(10, (i) => sentence + filler(gap - sentence.length, i + 1)).join('');
  expect(repeatedChunk(apart(240))).not.toBeNull();
  expect(repeatedChunk(apart(300))).toBeNull();
});

test('code may repeat, also in a block that is still open', () => {
  const code = '```ts\n' + `${sentence}\n`.repeat(20);
  expect(repeatedChunk(`See:\n${code}\`\`\`\nDone.`)).toBeNull();
  expect(repeatedChunk(`See:\n${code}`)).toBeNull();
  expect(repeatedChunk(`See:\n${code}\`\`\`\n${sentence.repeat(10)}`)).not.toBeNull();
});

test('a ruled line and blank lines are no repetition', () => {
  expect(repeatedChunk(`Title\n${'-'.repeat(200)}\n${'\n'.repeat(600)}end`)).toBeNull();
  expect(repeatedChunk('='.repeat(600))).not.toBeNull();
});
