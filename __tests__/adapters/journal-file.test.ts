import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openJournal, type JournalFile } from '../../src/adapters/journal-file.ts';
import { noUsage } from '../../src/money/usage.ts';
import { readJournal } from '../../src/journal/read-journal.ts';

let directory: string;
let path: string;
let journal: JournalFile;
let nowMs = 0;

const open = (runId = 'r-1') =>
  openJournal({
    path,
    runId,
    clock: { now: () => (nowMs += 10) },
    redact: (text) => text.replaceAll('s3"cret\n', '***'),
  });
const warn = (message: string) => {
  journal.emit({ type: 'warning', message });
};
const inFile = () => readJournal(readFileSync(path, 'utf8')).entries;
const messages = () => journal.entries().map(({ event }) => (event.type === 'warning' ? event.message : event.type));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(directory, 'runs/r-1/journal.jsonl');
  nowMs = 0;
  journal = open();
});
afterEach(() => {
  journal.close();
  rmSync(directory, { recursive: true });
});

describe('writing', () => {
  test('an event is in the file, in the entries and in the state as soon as it is emitted', () => {
    warn('slow');
    expect(inFile()).toEqual([{ seq: 0, atMs: 10, event: { type: 'warning', message: 'slow' } }]);
    expect(journal.entries()).toEqual(inFile());
    expect(journal.state().warnings).toEqual(['slow']);
  });

  test('secrets are out of every string before it is written or told, also one that JSON would spell otherwise', () => {
    const told: string[] = [];
    journal.subscribe((entry) => told.push(JSON.stringify(entry)));
    journal.emit({
      type: 'tool.ended',
      agent: 'TASK-001',
      turn: 1,
      toolUseId: 't-1',
      tool: 'bash',
      input: { command: ['echo s3"cret\n'] },
      content: 'said s3"cret\n',
      isError: false,
      durationMs: 5,
    });
    const everywhere = [readFileSync(path, 'utf8'), JSON.stringify(journal.entries()), ...told].join('');
    expect(everywhere).not.toContain('cret');
    expect(journal.entries()[0]?.event).toMatchObject({ input: { command: ['echo ***'] }, content: 'said ***' });
  });

  test('the file is readable by its owner only', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('what was emitted before a kill is in the file', () => {
    const ended = runScript('emit(100); process.kill(process.pid, "SIGKILL");');
    expect(ended.signal).toBe('SIGKILL');
    expect(inFile()).toHaveLength(100);
  });

  test('a disk that takes no more ends the file, not the run, and one warning says so', () => {
    // The largest file that the shell allows is 1 or 2 KB, by shell.
    const ended = runScript('emit(100); console.log(JSON.stringify(journal.state().warnings))', 'ulimit -f 2;');
    const warnings: unknown = JSON.parse(ended.stdout);
    expect(warnings).toHaveLength(101);
    expect(warnings).toContainEqual(expect.stringMatching(/^The journal cannot be written any more.*EFBIG/));
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    expect(inFile().length).toBeGreaterThan(3);
    expect(inFile().length).toBeLessThan(50);
  });
});

/** Runs a script on the journal in a process of its own, after a shell's preparation. */
function runScript(source: string, preparation = '') {
  const adapter = join(import.meta.dirname, '../../src/adapters/journal-file.ts');
  const script = join(directory, 'script.mjs');
  buildSync({
    stdin: {
      contents: `
        import { openJournal } from ${JSON.stringify(adapter)};
        const journal = openJournal({ path: ${JSON.stringify(path)}, runId: 'r-1', clock: Date, redact: (text) => text });
        const emit = (count) => { for (let i = 0; i < count; i += 1) journal.emit({ type: 'warning', message: String(i) }); };
        ${source}`,
      resolveDir: join(import.meta.dirname, '../..'),
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });
  return spawnSync('sh', ['-c', `${preparation} exec "$0" "$1"`, process.execPath, script], { encoding: 'utf8' });
}

describe('going on', () => {
  test('the journal of the same run is continued where it ended', () => {
    warn('first');
    journal.close();
    journal = open();
    warn('second');
    expect(messages()).toEqual(['first', 'second']);
    expect(journal.earlier).toEqual(inFile().slice(0, 1));
    expect(inFile().map((entry) => entry.seq)).toEqual([0, 1]);
  });

  test('what is told again is not written again, and counts with the time that it had', () => {
    const told: number[] = [];
    warn('first');
    warn('second');
    journal.close();
    journal = open();
    journal.subscribe(({ atMs }) => told.push(atMs));
    warn('second');
    warn('first');
    warn('first');
    expect(messages()).toEqual(['first', 'second', 'first']);
    expect(journal.state().warnings).toEqual(['second', 'first', 'first']);
    expect(told).toEqual([20, 10, 30]);
  });

  test('a call whose answer was lost is announced anew, one that was answered is not', () => {
    const asked = (turn: number) => {
      const money = { reservedNanoUsd: 5, reservedTokens: 9, maxTokens: 4 };
      journal.emit({
        type: 'model.asked',
        agent: 'TASK-001',
        role: 'r',
        turn,
        attempt: 1,
        requestHash: `h${String(turn)}`,
        ...money,
      });
    };
    const failed = (turn: number, reason: string) => {
      const one = { agent: 'TASK-001', turn, requestHash: `h${String(turn)}`, reason, message: '' };
      journal.emit({ type: 'model.failed', ...one, usage: noUsage });
    };
    asked(1);
    failed(1, 'network');
    asked(2);
    journal.close();
    journal = open();
    failed(2, 'lost');
    asked(1);
    asked(2);
    journal.close();
    journal = open();
    failed(2, 'lost');
    failed(2, 'lost');
    asked(2);
    const turns = inFile().flatMap(({ event }) => (event.type === 'model.asked' ? [event.turn] : []));
    const lost = inFile().filter(({ event }) => event.type === 'model.failed' && event.reason === 'lost');
    expect(turns).toEqual([1, 2, 2, 2]);
    expect(lost).toHaveLength(2);
  });

  test('a journal of the version before is gone on with as it is', () => {
    journal.close();
    const old = '{"journal":1,"runId":"r-1"}\n{"seq":0,"atMs":1,"event":{"type":"warning","message":"old"}}\n';
    writeFileSync(path, old);
    journal = open();
    warn('new');
    expect(messages()).toEqual(['old', 'new']);
    expect(inFile()).toHaveLength(2);
    expect(readFileSync(path, 'utf8').startsWith(old)).toBe(true);
  });

  test.each(['{"seq":1,"atMs":20,"event":{"type":"warn', '{"seq":1,"atMs":20,"event":{"type":"ü'])(
    'a torn last line is cut off before the next one is written',
    (torn) => {
      warn('ü');
      journal.close();
      appendFileSync(path, Buffer.from(torn).subarray(0, -1));
      journal = open();
      warn('second');
      expect(messages()).toEqual(['ü', expect.stringMatching(/last line of the journal was torn/), 'second']);
      expect(inFile()).toHaveLength(3);
      expect(readFileSync(`${path}.torn`)).toEqual(Buffer.from(torn).subarray(0, -1));
    },
  );

  test('a file whose header was torn is begun again', () => {
    journal.close();
    writeFileSync(path, '{"journ');
    journal = open();
    warn('first');
    expect(inFile().map(({ event }) => event)).toContainEqual({ type: 'warning', message: 'first' });
  });

  test('a disk that has no room for the first line is an error that says what to do', () => {
    const ended = runScript('', `rm ${path}; ulimit -f 0;`);
    expect(ended.stderr).toMatch(/journal-unwritable|cannot be written/);
  });

  test('the journal of another run is refused and left as it is', () => {
    warn('first');
    const before = readFileSync(path, 'utf8');
    expect(() => open('r-2')).toThrow(expect.objectContaining({ code: 'journal-unreadable' }));
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});

describe('listening', () => {
  test('listeners get entries in order, also those emitted while they listen, until they leave', () => {
    const heard: string[] = [];
    const hear = (name: string) => (entry: { seq: number }) => void heard.push(`${name}${String(entry.seq)}`);
    const leave = journal.subscribe((entry) => {
      hear('a')(entry);
      if (entry.seq === 0) warn('answer');
    });
    journal.subscribe(hear('b'));
    warn('question');
    leave();
    warn('more');
    expect(heard).toEqual(['a0', 'b0', 'a1', 'b1', 'b2']);
  });

  test('a listener that throws is dropped with a warning, and the others go on', () => {
    const heard: number[] = [];
    journal.subscribe(() => {
      throw new Error('pipe closed');
    });
    journal.subscribe((entry) => heard.push(entry.seq));
    warn('one');
    warn('two');
    expect(messages()).toEqual(['one', 'An output of this run stopped: pipe closed', 'two']);
    expect(heard).toEqual([0, 1, 2]);
  });

  test('a listener hears of an event only when it is in the file', () => {
    const lines: number[] = [];
    journal.subscribe(() => lines.push(inFile().length));
    warn('one');
    expect(lines).toEqual([1]);
  });
});

test('after it is closed, events are kept in memory', () => {
  journal.close();
  warn('late');
  journal.close();
  expect(inFile()).toHaveLength(0);
  expect(journal.state().warnings).toEqual(['late']);
});
