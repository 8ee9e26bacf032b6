// One contract for every way in which trees come about on this machine: the same edits give the same git trees.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { SavedTree } from '../../src/ports.ts';
import { editedFiles, edits, refusedEdits } from '../support/tree-edits.ts';
import type { TreeReport, TreeWorkerOptions } from '../support/tree-worker.ts';
import { bundleToolhost, git, makeRepository } from './git-bed.ts';

const isRoot = process.getuid?.() === 0;
const ordinaryUser = isRoot ? 1001 : (process.getuid?.() ?? 0);

interface Kind extends Pick<TreeWorkerOptions, 'choice' | 'treeKind'> {
  readonly name: string;
  readonly only: string | null;
  readonly userId: number;
  readonly maySudo?: boolean;
  /** On a file system that can share blocks, which the test makes. */
  readonly sharing?: boolean;
}

const overlay = { choice: 'namespaces', treeKind: 'overlay' } as const;
const kinds: readonly Kind[] = [
  { name: 'overlay as root', ...overlay, only: 'namespaces (root)', userId: 0 },
  { name: 'overlay in a user namespace', ...overlay, only: 'namespaces (user namespace)', userId: ordinaryUser },
  {
    ...{ name: 'overlay in a user namespace that sudo made', ...overlay, maySudo: true },
    ...{ only: 'namespaces (user namespace, made by sudo)', userId: ordinaryUser },
  },
  { name: 'reflink', choice: 'auto', treeKind: 'reflink', only: null, userId: 0, sharing: true },
  { name: 'copies', choice: 'auto', treeKind: 'copies', only: null, userId: isRoot ? 0 : ordinaryUser },
  { name: 'copies of an ordinary user', choice: 'auto', treeKind: 'copies', only: null, userId: ordinaryUser },
  { name: 'copies without a sandbox', choice: 'off', treeKind: 'copies', only: null, userId: ordinaryUser },
];

const directory = await realpath(await mkdtemp(join(tmpdir(), 'tree-kinds-')));
await chmod(directory, 0o755);
const toolhostPath = await bundleToolhost(directory);
const worker = join(directory, 'tree-worker.cjs');
await build({
  ...{ entryPoints: ['__tests__/support/tree-worker.ts'], outfile: worker, logLevel: 'error' },
  ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
});

/** A file system with shared blocks, in a file. Throws where the machine cannot make one. */
function mountSharing(): string {
  const [image, at] = [join(directory, 'blocks.img'), join(directory, 'blocks')];
  execFileSync('truncate', ['-s', '400M', image], { stdio: 'pipe' });
  execFileSync('mkfs.xfs', ['-q', '-m', 'reflink=1', image], { stdio: 'pipe' });
  execFileSync('mkdir', [at]);
  execFileSync('mount', ['-o', 'loop', image, at], { stdio: 'pipe' });
  return at;
}
let blocks: string | null = null;
afterAll(async () => {
  if (blocks !== null) execFileSync('umount', [blocks]);
  await rm(directory, { recursive: true, force: true });
});

let count = 0;
async function start(kind: Kind, task: TreeWorkerOptions['task'], given?: string): Promise<[ChildProcess, string]> {
  const parent = kind.sharing === true ? (blocks ??= mountSharing()) : directory;
  const own = given ?? join(parent, String(++count));
  const checkout = join(own, 'checkout');
  if (given === undefined) {
    await mkdir(own, { mode: 0o755 });
    await makeRepository(checkout, editedFiles);
    if (isRoot) execFileSync('chown', ['-R', `${String(kind.userId)}:${String(kind.userId)}`, own]);
  }
  const { choice, treeKind, only, maySudo = false } = kind;
  const options: TreeWorkerOptions = { directory: own, checkout, toolhostPath, choice, only, maySudo, treeKind, task };
  const child = spawn(process.execPath, [worker, JSON.stringify(options)], {
    ...(isRoot ? { uid: kind.userId, gid: kind.userId } : {}),
    ...{ cwd: own, env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: own }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  return [child, own];
}

/** Rejects with what it said when it says nothing of use. */
function firstLine(child: ChildProcess): Promise<string> {
  let [said, complained] = ['', ''];
  child.stderr?.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')));
    });
    child.on('error', reject);
    child.on('close', () => reject(new Error(/Error: (.*)/.exec(complained)?.[1] ?? complained)));
  });
}

async function workIn(kind: Kind): Promise<TreeReport | string> {
  try {
    if (!isRoot && kind.userId === 0) return 'these tests do not run as root';
    const [child] = await start(kind, 'edits');
    const report: TreeReport = JSON.parse(await firstLine(child));
    return report;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What git itself makes of the same edits; files that the commit ignores stay out. */
async function expectedTrees(): Promise<Readonly<Record<string, string>>> {
  const checkout = join(directory, 'by-git');
  await makeRepository(checkout, editedFiles);
  const trees: Record<string, string> = {};
  for (const [name, command] of Object.entries(edits)) {
    execFileSync('bash', ['-c', command], { cwd: checkout });
    git(checkout, 'add', '--all');
    trees[name] = git(checkout, 'write-tree');
  }
  return trees;
}

const reports = new Map<string, TreeReport | string>();
for (const kind of kinds) reports.set(kind.name, await workIn(kind));
const there = kinds.filter(({ name }) => typeof reports.get(name) !== 'string');
for (const { name } of kinds) {
  const reason = reports.get(name);
  if (typeof reason === 'string') test.skip(`${name} cannot be had here: ${reason}`, () => undefined);
}

test('copies can be had everywhere', () => {
  expect(there.map(({ name }) => name)).toContain('copies');
});

describe.each(there)('trees by $name', ({ name, treeKind }) => {
  let report: TreeReport;
  let expected: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const found = reports.get(name);
    if (found === undefined || typeof found === 'string') throw new Error(found);
    report = found;
    expected = await expectedTrees();
    await rm(join(directory, 'by-git'), { recursive: true });
  });

  test('say what they are', () => {
    expect(report.trees).toBe(treeKind);
  });

  test.each(Object.keys(edits))('give back what git would of %s', (edit) => {
    expect(report.saved[edit]).toEqual({ tree: expected[edit], refused: [] });
  });

  test.each(Object.keys(refusedEdits))('refuse %s, and are clean when they were reset', (edit) => {
    const refused = report.saved[edit]?.refused ?? [];
    const others = there
      .map((other) => reports.get(other.name))
      .flatMap((one) => (typeof one === 'object' ? [one] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(others.map((one) => one.saved[edit])).toEqual(others.map(() => report.saved[edit]));
    expect(report.saved[`after ${edit}`]).toEqual(report.saved['a change taken back']);
  });

  test('start a task with the work of both that it depends on', () => {
    const { saved, printed } = report;
    expect(printed['conflicts']).toBe('');
    expect(printed['status']).toBe('new\n2\nsecond\n');
    expect(printed['git']).toBe('both\ntask-003\n');
    const copied = reports.get('copies');
    expect([printed['later conflicts'], printed['all status']]).toEqual(['', '']);
    const steps = ['second task', 'merged', 'third task', 'all merged', 'back to the base'];
    const of = (by: Readonly<Record<string, SavedTree>>) => steps.map((step) => by[step]);
    expect(of(saved)).toEqual(of(typeof copied === 'object' ? copied.saved : {}));
    expect(new Set(of(saved).map((one) => one?.tree)).size).toBe(5);
  });

  const onlyOverlay = treeKind === 'overlay' ? test : test.skip;
  onlyOverlay('start it with what both have installed, too', () => {
    const gone = (path: string): string => `cat: ${path}: No such file or directory\n`;
    expect(report.printed['ignored']).toBe(`original\no\nof-two\nl\ntwo\n${gone('build-3.log')}`);
    // The last one had removed a package.
    expect(report.printed['all ignored']).toBe(`${gone('node_modules/dep/index.js')}o\nof-two\nl\ntwo\nof-three\n`);
  });

  test('let no edit in place through to a neighbour or a later tree', () => {
    const { printed } = report;
    const original = 'as it was\n1\noriginal\n';
    expect(printed['written']).toMatch(/^REACHED/);
    expect([printed['before'], printed['neighbour'], printed['later']]).toEqual([original, original, original]);
    expect(printed['hard links']).toBe('');
  });
});

describe.each(there.filter(({ treeKind }) => treeKind === 'overlay'))('a process killed in trees by $name', (kind) => {
  const mountsOf = (own: string): readonly string[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          return readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
        } catch {
          return []; // It has ended.
        }
      })
      .filter((line) => line.includes(`${own}/`));

  test('leaves no mount, and its files go when the next one starts', async () => {
    const [first, own] = await start(kind, 'wait');
    const { scratch }: { scratch: string } = JSON.parse(await firstLine(first));
    expect(mountsOf(own)).not.toEqual([]);
    const ended = new Promise((resolve) => first.on('close', resolve));
    first.kill('SIGKILL');
    await ended;
    await until(() => mountsOf(own).length === 0);
    expect(existsSync(scratch)).toBe(true);
    const [second] = await start(kind, 'edits', own);
    const over = new Promise((resolve) => second.on('close', resolve));
    const report: TreeReport = JSON.parse(await firstLine(second));
    await over;
    expect(report.saved['a new file']?.refused).toEqual([]);
    expect(existsSync(scratch)).toBe(false);
    expect(mountsOf(own)).toEqual([]);
  });
});

/** Ends with the test's own time limit where it never comes about. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}
