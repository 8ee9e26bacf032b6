import { describe, expect, test } from '@jest/globals';
import { readJournal } from '../../src/journal/read-journal.ts';

const header = '{"journal":1,"runId":"r-1"}\n';
const line = (seq: number, message: string) =>
  `${JSON.stringify({ seq, atMs: 1000 + seq, event: { type: 'warning', message } })}\n`;

test('a journal reads as its entries', () => {
  expect(readJournal(header + line(0, 'a') + line(1, 'b'))).toEqual({
    runId: 'r-1',
    entries: [
      { seq: 0, atMs: 1000, event: { type: 'warning', message: 'a' } },
      { seq: 1, atMs: 1001, event: { type: 'warning', message: 'b' } },
    ],
  });
});

test('wherever a crash cuts the last line, the lines before it are read', () => {
  const whole = header + line(0, 'a');
  for (let length = 0; length < line(1, 'b').length; length += 1) {
    expect(readJournal(whole + line(1, 'b').slice(0, length)).entries).toHaveLength(1);
  }
});

describe('any other damage is an error that names the line', () => {
  test.each([
    ['nothing', '', 'line 1: not JSON'],
    ['no header', line(0, 'a'), 'line 1: not the header of a journal'],
    ['another version', '{"journal":2,"runId":"r-1"}\n', 'version 2 and this program reads version 1'],
    ['a broken line in the middle', `${header}{"seq":0,\n${line(1, 'b')}`, 'line 2: not JSON'],
    ['a line that is no entry', `${header}${line(0, 'a')}{"seq":1}\n`, 'line 3: not an entry'],
    ['an event without a type', `${header}{"seq":0,"atMs":1,"event":{}}\n`, 'line 2: not an entry'],
    ['a missing line', header + line(0, 'a') + line(2, 'c'), 'line 3: entry 2 stands where entry 1 belongs'],
  ])('%s', (_title, text, detail) => {
    expect(() => readJournal(text)).toThrow(
      expect.objectContaining({ code: 'journal-unreadable', message: expect.stringContaining(detail) }),
    );
  });
});
