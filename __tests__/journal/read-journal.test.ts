import { describe, expect, test } from '@jest/globals';
import { readJournal, writeEntry, writeHeader } from '../../src/journal/read-journal.ts';

const header = '{"journal":1,"runId":"r-1"}\n';
const line = (seq: number, message: string) =>
  `${JSON.stringify({ seq, atMs: 1000 + seq, event: { type: 'warning', message } })}\n`;

/** A chained journal of these messages, line by line. */
function chained(...messages: readonly string[]): string[] {
  const lines = [writeHeader('r-1')];
  messages.forEach((message, seq) => {
    lines.push(writeEntry({ seq, atMs: 1000 + seq, event: { type: 'warning', message } }, lines.at(-1) ?? ''));
  });
  return lines;
}

test('a chained journal reads as its entries', () => {
  const { runId, version, entries } = readJournal(`${chained('a', 'b').join('\n')}\n`);
  expect([runId, version]).toEqual(['r-1', 2]);
  expect(entries).toEqual([
    { seq: 0, atMs: 1000, event: { type: 'warning', message: 'a' } },
    { seq: 1, atMs: 1001, event: { type: 'warning', message: 'b' } },
  ]);
});

test.each([0, 1, 2])('a line that was changed afterwards is found by the one after it (line %i)', (at) => {
  const lines = chained('aa', 'bb', 'cc');
  lines[at] = (lines[at] ?? '').replace('r-1', 'r-2').replace(/aa|bb/, 'zz');
  expect(() => readJournal(`${lines.join('\n')}\n`)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(`line ${String(at + 1)} is not as it was`) }),
  );
});

test('a journal of the version before reads as its entries', () => {
  expect(readJournal(header + line(0, 'a') + line(1, 'b'))).toMatchObject({
    runId: 'r-1',
    version: 1,
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

test('another version is an error that says which versions can be read', () => {
  expect(() => readJournal('{"journal":3,"runId":"r-1"}\n')).toThrow(
    expect.objectContaining({ code: 'journal-version', message: expect.stringMatching(/version 3.*reads 1 and 2/) }),
  );
});
