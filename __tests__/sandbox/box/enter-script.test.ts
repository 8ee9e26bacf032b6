import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { enterScript } from '../../../src/sandbox/box/enter-script.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'enter-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

// Entering namespaces takes root; an ordinary user has one of its own to enter, which the attacks on the sandbox make.
const asRoot = process.getuid?.() === 0 && existsSync('/usr/bin/perl') ? test : test.skip;

/** Runs a command in our own namespaces that leaves a mark. */
function leavesMark(starter: number): boolean {
  const [program, mark] = [join(directory, 'enter.pl'), join(directory, 'mark')];
  writeFileSync(program, enterScript(process.arch) ?? '');
  const given = ['join', String(process.pid), '-', '-', 'own', directory, String(starter), 'touch', mark];
  spawnSync('/usr/bin/perl', [program, ...given]);
  return existsSync(mark);
}

asRoot('a command runs for the process that started it', () => {
  expect(leavesMark(process.pid)).toBe(true);
});

asRoot('a command whose starter is gone before its end would be told of does not run', () => {
  expect(leavesMark(process.pid + 1)).toBe(false);
});

/** Loads the filter for a command that leaves a mark, while `reader` has the other end of its output, or has let go of it. */
function marksFiltered(reader: string): boolean {
  const mark = join(directory, 'mark');
  writeFileSync(join(directory, 'enter.pl'), enterScript(process.arch) ?? '');
  // The fifo is opened by both, and then has a reader or none.
  const shell = `mkfifo pipe; (${reader}) <pipe & exec 3>pipe; [ "$1" = waits ] && wait; /usr/bin/perl enter.pl filter touch mark >&3; kill $! 2>/dev/null`;
  spawnSync('bash', ['-c', shell, 'bash', reader === 'true' ? 'waits' : ''], { cwd: directory });
  return existsSync(mark);
}

const withPerl = existsSync('/usr/bin/perl') ? test : test.skip;

withPerl('a filtered command runs where somebody reads what it prints', () => {
  expect(marksFiltered('sleep 60')).toBe(true);
});

withPerl('a filtered command whose reader is gone does not run', () => {
  expect(marksFiltered('true')).toBe(false);
});
