import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openJournal } from '../../src/adapters/journal-file.ts';
import { listRuns, runsDirectory } from '../../src/adapters/run-folders.ts';
import type { RunEvent } from '../../src/events.ts';
import { ended, opening } from '../support/run-events.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(project, { recursive: true }));

function makeRun(runId: string, events: readonly RunEvent[]): void {
  const path = join(runsDirectory(project), runId, 'journal.jsonl');
  const journal = openJournal({ path, runId, clock: { now: () => 0 }, redact: (text) => text });
  for (const event of events) journal.emit(event);
  journal.close();
}

const warning = (message: string): RunEvent => ({ type: 'warning', message });

test('runs are listed oldest first, and one has ended whose journal says so, with its last words after that', () => {
  const quoted = warning('"event":{"type":"run.ended","outcome":{}}');
  makeRun('2', [...opening(), warning('x'.repeat(400_000)), quoted]);
  makeRun('1', [...opening(), ended({ kind: 'planned' }), warning('The comment could not be written.')]);
  expect(listRuns(project).map(({ runId, hasEnded }) => [runId, hasEnded])).toEqual([
    ['1', true],
    ['2', false],
  ]);
});

test('a journal that cannot be read is listed with what is wrong with it', () => {
  mkdirSync(join(runsDirectory(project), '1'), { recursive: true });
  writeFileSync(join(runsDirectory(project), '1', 'journal.jsonl'), 'not a journal\n');
  expect(listRuns(project)).toMatchObject([
    { journal: null, problem: expect.stringContaining('line 1'), hasEnded: false },
  ]);
});

test('a project without runs has none', () => {
  expect(listRuns(project)).toEqual([]);
});
