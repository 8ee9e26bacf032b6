// `ai-implement runs`, `report` and `resume` as somebody uses them who does not know them, with the bundled command line.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openJournal } from '../../src/adapters/journal-file.ts';
import { runsDirectory } from '../../src/adapters/run-folders.ts';
import type { RunEvent } from '../../src/events.ts';
import { ended, opening, planned, planOf, taskOf } from '../support/run-events.ts';

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'cli-runs-'));
});
afterEach(() => rmSync(project, { recursive: true }));

const journalOf = (runId: string): string => join(runsDirectory(project), runId, 'journal.jsonl');

function makeRun(runId: string, ...events: readonly RunEvent[]): void {
  const clock = { now: () => Date.UTC(2026, 10, 22, 18, 30) };
  const journal = openJournal({ path: journalOf(runId), runId, clock, redact: (text) => text });
  for (const event of events) journal.emit(event);
  journal.close();
}

/** Calls the command line on the project; what it says on both streams, and its exit code. */
function ask(...args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['dist/cli.cjs', ...args, '--project-dir', project]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((done) => child.on('close', (code) => done({ code, output })));
}

const asked: RunEvent = {
  type: 'call.ended',
  call: 'asked',
  answer: { command: 'run', options: {}, commit: null, branch: null },
};
const built = [...opening(), ...planned(planOf([taskOf(1)])), ended({ kind: 'built', branch: 'ai/login' })];
const otherVersion = `${JSON.stringify({ journal: 9, runId: '4' })}\n`;

describe('the runs of a project', () => {
  test('are listed newest first with state, cost, branch and request, and how the killed one is gone on with', async () => {
    makeRun('1', ...built);
    makeRun('2', asked, ...opening());
    makeRun('3');
    makeRun('4');
    writeFileSync(journalOf('4'), otherVersion);
    expect((await ask('runs')).output.split('\n')).toEqual([
      expect.stringMatching(/^RUN {2}BEGUN +STATE +COST +BRANCH +REQUEST$/),
      expect.stringMatching(/^4 +unreadable +The journal of the run has version 9; this program reads 1 and 2\.$/),
      expect.stringMatching(/^3 +killed \(start\) +\$0\.00$/),
      expect.stringMatching(/^2 {4}2026-11-22 18:30 {2}killed \(plan\) +\$0\.00 +User login with email and password$/),
      expect.stringMatching(/^1 {4}2026-11-22 18:30 {2}built +\$0\.0200 {2}ai\/login {2}User login with email/),
      '',
      'Go on with a killed run: `ai-implement resume 2`, or its command again.',
      '',
    ]);
  });

  test('are none where there are none', async () => {
    expect(await ask('runs')).toEqual({ code: 0, output: `There are no runs in ${project} yet.\n` });
  });
});

describe('a report', () => {
  test('is made of a journal, of its folder and of a run by its id', async () => {
    makeRun('1', ...built);
    const report = join(runsDirectory(project), '1', 'report.html');
    for (const where of [journalOf('1'), join(runsDirectory(project), '1'), '1']) {
      rmSync(report, { force: true });
      expect(await ask('report', where)).toEqual({ code: 0, output: `Report: ${report}\n` });
      expect(existsSync(report)).toBe(true);
    }
  });
});

describe('what cannot be used is named, with what to do and exit code 2', () => {
  const expectRefused = async (words: string, ...args: readonly string[]): Promise<void> =>
    expect(await ask(...args)).toMatchObject({ code: 2, output: expect.stringContaining(words) });

  test.each(['report', 'replay'])('by %s', async (command) => {
    makeRun('4');
    writeFileSync(journalOf('4'), otherVersion);
    const text = join(project, 'notes.txt');
    writeFileSync(text, 'Notes.\n');
    await expectRefused('There is no file or run "nope" in', command, 'nope');
    await expectRefused(`There is no journal (journal.jsonl) in ${project}.`, command, project);
    await expectRefused('notes.txt is not the journal of a run', command, text);
    await expectRefused('has version 9; this program reads 1 and 2', command, '4');
  });

  test('by a replay of a run that does not say how it started', async () => {
    makeRun('1', ...built);
    await expectRefused('The run cannot be executed again', 'replay', '1');
  });

  test('by a resumption', async () => {
    await expectRefused('There is no unfinished run in', 'resume');
    makeRun('1', asked, ...built);
    makeRun('3');
    await expectRefused('There is no unfinished run in', 'resume');
    await expectRefused('There is no run "nope" in', 'resume', 'nope');
    await expectRefused('The run 1 has ended', 'resume', '1');
    await expectRefused('nothing of it was begun', 'resume', journalOf('3'));
    const [start, ...rest] = opening();
    if (start?.type !== 'run.started') throw new Error('no start');
    makeRun('5', asked, { ...start, version: '0.0.1' }, ...rest);
    await expectRefused('was begun by ai-implement 0.0.1', 'resume', join(runsDirectory(project), '5'));
  });
});
