import { expect, test } from '@jest/globals';
import { keepEnds } from '../../src/sandbox/keep-ends.ts';

/** 1,000 bytes of room: 450 for each end, the rest for the note. */
function keep(...chunks: readonly string[]): string {
  const kept = keepEnds(1_000);
  for (const chunk of chunks) kept.add(Buffer.from(chunk));
  return kept.text();
}

test('what fits is kept as it came, whatever the chunks', () => {
  const text = `${'a'.repeat(450)}${'b'.repeat(450)}`;
  expect(keep(text)).toBe(text);
  expect(keep(...text)).toBe(text);
  expect(keep()).toBe('');
});

test('one byte more is counted as left out', () => {
  const text = `${'a'.repeat(450)}x${'b'.repeat(450)}`;
  const expected = `${'a'.repeat(450)}\n[... 1 bytes left out ...]\n${'b'.repeat(450)}`;
  expect(keep(text)).toBe(expected);
  expect(keep(...text)).toBe(expected);
});

test('a character cut in two at either border is dropped', () => {
  const text = keep(`${'a'.repeat(449)}${'é'.repeat(2_000)}${'b'.repeat(449)}`);
  expect(text).not.toContain('\ufffd');
  expect(text).toMatch(/^a{449}\n\[\.\.\. 3998 bytes left out \.\.\.\]\nb{449}$/);
});
