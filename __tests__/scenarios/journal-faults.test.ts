// What is wrong with a journal, shown on the real program: each fault has words that say it, and nothing there is lost.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readJournal } from '../../src/journal/read-journal.ts';
import { call, say } from '../../testbed/model/script.ts';
import { git } from '../adapters/git-bed.ts';
import { addFiles, finish, openLocalBed, type LocalBed } from '../support/local-bed.ts';

const write = (path: string, content = 'new\n') => say(call('write', { path, content }));

let bed: LocalBed;
/** Ends the process that waits for the answer. */
let kill: () => void;
beforeEach(async () => {
  kill = () => undefined;
  const strike = () => {
    kill();
    return write('three.js');
  };
  bed = await openLocalBed([write('one.js'), write('two.js'), strike, finish]);
});
afterEach(() => bed.close());

/** A run that was killed while it waited for its third reply. @returns the path of its journal */
async function killed(): Promise<string> {
  const { child, ended } = bed.start(addFiles);
  kill = () => child.kill('SIGKILL');
  expect((await ended).code).toBeNull();
  kill = () => undefined;
  return join(bed.runs()[0] ?? '', 'journal.jsonl');
}
const built = () => {
  const [branch = ''] = git(bed.project, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/ai/feature*').split(
    '\n',
  );
  return git(bed.project, 'ls-tree', '--name-only', branch).split('\n');
};
const allFiles = ['a.txt', 'one.js', 'three.js', 'two.js'];

test('a torn last line is kept beside the journal, and the run goes on from the line before', async () => {
  const journal = await killed();
  const torn = '{"seq":99,"atMs":1,"event":{"type":"tool.en';
  writeFileSync(journal, `${readFileSync(journal, 'utf8')}${torn}`);
  const { code, output } = await bed.start(addFiles).ended;
  expect({ code, output }).toMatchObject({
    code: 0,
    output: expect.stringMatching(/last line of the journal was torn/),
  });
  expect(readFileSync(`${journal}.torn`, 'utf8')).toBe(torn);
  expect(bed.runs()).toHaveLength(1);
  // Plan, three turns, the third once more, the last, the review.
  expect(bed.model.requests).toHaveLength(7);
  expect(built()).toEqual(allFiles);
});

test('a journal that was cut is gone on with from where it ends now', async () => {
  const journal = await killed();
  const lines = readFileSync(journal, 'utf8').split('\n');
  const second = lines.findIndex((line) => line.includes('"type":"model.replied"') && line.includes('two.js'));
  const cut = Buffer.byteLength(`${lines.slice(0, second).join('\n')}\n`) + 100;
  truncateSync(journal, cut);
  const { code } = await bed.start(addFiles).ended;
  expect(code).toBe(0);
  expect(statSync(`${journal}.torn`).size).toBe(100);
  expect(bed.runs()).toHaveLength(1);
  // The second reply is asked for again, too.
  expect(bed.model.requests).toHaveLength(8);
  expect(built()).toEqual(allFiles);
});

const unusable: readonly (readonly [what: string, change: (text: string) => string, words: RegExp, code: number])[] = [
  ['of another version', (text) => text.replace('{"journal":2', '{"journal":9'), /version 9.*reads.* 1 and 2/s, 2],
  ['with a changed line', (text) => text.replace('add files', 'add flies'), /line \d+ is not as it was/, 1],
];
describe.each(unusable)('a journal %s', (_what, change, words, exitCode) => {
  test('is an error that says so, and is left as it is', async () => {
    const journal = await killed();
    const text = change(readFileSync(journal, 'utf8'));
    writeFileSync(journal, text);
    const { code, output } = await bed.start(['resume', bed.runs()[0]?.split('/').at(-1) ?? '']).ended;
    expect({ code, output }).toMatchObject({ code: exitCode, output: expect.stringMatching(words) });
    expect((await bed.start(['runs']).ended).output).toMatch(/unreadable/);
    expect(readFileSync(journal, 'utf8')).toBe(text);
  });

  test('does not keep the same command from beginning anew beside it', async () => {
    const journal = await killed();
    const text = change(readFileSync(journal, 'utf8'));
    writeFileSync(journal, text);
    expect((await bed.start(addFiles).ended).code).toBe(0);
    expect(bed.runs()).toHaveLength(2);
    expect(readFileSync(journal, 'utf8')).toBe(text);
    expect(built()).toEqual(allFiles);
  });
});

/** A file system of so many kilobytes for the runs, in a mount namespace of its own. */
const withSmallDisk = (runs: string, kilobytes: number, script: string): readonly string[] => [
  ...['unshare', '--map-root-user', '--mount', 'sh', '-c'],
  `mkdir -p ${runs} && mount -t tmpfs -o size=${String(kilobytes)}k tmpfs ${runs} && ${script}`,
  'sh',
];
const canMount =
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** Much more than a small disk holds. */
const large = (name: string) =>
  write(name, Array.from({ length: 3_000 }, (_, i) => `${name} ${String((i * 7919) % 10_007)}`).join('\n'));

describe('a disk that is full', () => {
  beforeEach(async () => {
    await bed.close();
    bed = await openLocalBed([large('one.js'), large('two.js'), large('three.js'), finish]);
  });

  // Skipped where the machine gives no file system to fill: a container or kernel that forbids namespaces.
  (canMount ? test : test.skip)(
    'ends the run with what to do, and the same command goes on once there is room',
    async () => {
      const runs = join(bed.project, '.ai-agents/runs');
      const kept = join(bed.project, '../kept.jsonl');
      const script = `{ "$@"; echo "first: $?"; cp ${runs}/*/journal.jsonl ${kept}; mount -o remount,size=20m ${runs}; exec "$@"; }`;
      const { code, output } = await bed.start(addFiles, withSmallDisk(runs, 150, script)).ended;
      const [first = '', second = ''] = output.split('first: 1');
      expect(first).toMatch(/The journal cannot be written any more \(ENOSPC/);
      expect(first).toMatch(/There is no room left on the disk: .*\n.*Make room, then give the same command again/);
      expect(first).not.toContain('bug');
      const entries = readJournal(readFileSync(kept, 'utf8')).entries.length;
      expect(entries).toBeGreaterThan(10);
      expect({ code, second }).toMatchObject({
        code: 0,
        second: expect.stringContaining('Status: ⚠️ DONE - nothing was measured'),
      });
      expect(built()).toEqual(allFiles);
      // Plan, first turn, and the second, whose reply may have been the one without room; then the rest.
      expect(bed.model.requests.length).toBeLessThanOrEqual(9);
    },
  );

  test('for the journal alone does not end the run, which says so, and keeps the lines that are whole', async () => {
    // The largest file that the shell allows: of all that a run writes, its journal is the first to be larger.
    const limit = ['sh', '-c', 'ulimit -f 150; exec "$@"', 'sh'];
    const { code, output } = await bed.start(addFiles, limit).ended;
    expect({ code, output }).toMatchObject({
      output: expect.stringMatching(/journal cannot be written any more \(EFBIG/),
    });
    expect(code).toBe(0);
    const journal = readFileSync(join(bed.runs()[0] ?? '', 'journal.jsonl'), 'utf8');
    expect(journal.endsWith('\n')).toBe(true);
    expect(readJournal(journal).entries.length).toBeGreaterThan(10);
    expect(existsSync(join(bed.runs()[0] ?? '', 'lock'))).toBe(false);
    expect(built()).toEqual(allFiles);
  });
});
