import { expect, test } from '@jest/globals';
import { createRunawayWatch } from '../../src/adapters/runaway-watch.ts';

/** What a judge is shown of words that come in pieces of 100. */
function shown(text: string, block = 0): string[] {
  const looks: string[] = [];
  const watch = createRunawayWatch((words) => looks.push(words) < 0);
  for (let at = 0; at < text.length; at += 100) watch(block, text.slice(at, at + 100));
  return looks;
}

test('looks again with every thousand characters, at the last four thousand', () => {
  const text = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(10, '.')).join('');
  const looks = shown(text);
  expect(looks.map(({ length }) => length)).toEqual([1_000, 2_000, 3_000, ...Array<number>(7).fill(4_000)]);
  expect(looks.at(-1)).toBe(text.slice(-4_000));
});

test('shows code as code even when its beginning is out of sight', () => {
  const looks = shown(`Look:\n\`\`\`ts\n${'const same = 1;\n'.repeat(400)}`);
  expect(looks.at(-1)).toMatch(/^```\n/);
  expect(looks[0]).toMatch(/^Look/);
});

test('begins anew with every block', () => {
  let seen = '';
  const watch = createRunawayWatch((words) => {
    seen = words;
    return true;
  });
  expect(watch(0, 'a'.repeat(999))).toBe(false);
  expect(watch(1, 'b'.repeat(999))).toBe(false);
  expect(watch(1, 'b')).toBe(true);
  expect(seen).toBe('b'.repeat(1_000));
});
