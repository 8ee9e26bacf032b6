// The demo as a newcomer starts it: the committed files of a fresh clone, node, git, and nothing else.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const parts = ['action.yml', 'dist', 'demo/sample', 'demo/written'];

let home = '';
let clone = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'demo-test-'));
  clone = join(home, 'clone');
  for (const part of parts) await cp(join(repository, part), join(clone, part), { recursive: true });
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function demo(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
) {
  const command = [...flags, join(clone, 'dist/demo.cjs'), ...args];
  return new Promise<Ended>((resolve) => {
    const options = { cwd: home, env: { PATH: process.env['PATH'], ...env }, maxBuffer: 1 << 26 };
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr });
    });
  });
}

const git = async (directory: string, ...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('git', ['-C', directory, ...args])).stdout.trim();

describe('a whole demo', () => {
  let kept = '';
  let ended: Ended = { exitCode: -1, stdout: '', stderr: '' };

  beforeAll(async () => {
    kept = join(home, 'kept');
    ended = await demo(['--keep', kept]);
  }, 180_000);

  test('ends with one pull request that is ready for review', () => {
    expect(ended.stderr).toBe('');
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout.match(/^== Pull request #\d+/gm)).toEqual(['== Pull request #2']);
    expect(ended.stdout).not.toMatch(/\(draft\)|not foreseen|Warning:/);
    expect(ended.stdout).toContain('Closes #1');
    expect(ended.stdout.match(/^== Comment by github-actions\[bot\] on #\d/gm)).toHaveLength(2);
  });

  test('says what is a stand-in and what is real', () => {
    expect(ended.stdout).toMatch(/Stand-ins: GitHub and the model/);
    expect(ended.stdout).toMatch(/Real: the bundled action/);
    expect(ended.stdout).not.toContain('\u001b');
  });

  test('hands the work of one agent back, and the agent mends it', () => {
    expect(ended.stdout).toMatch(/TASK-001 was handed back \(acceptance\).*test\/backend/);
    expect(ended.stdout).toMatch(/TASK-001 completed/);
  });

  test('leaves a branch of each agent, merged into the branch of the pull request', async () => {
    const bare = join(kept, 'notes.git');
    expect((await git(bare, 'for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n')).toEqual([
      'ai/agents/issue-1/backend-dev/task-001',
      'ai/agents/issue-1/frontend-dev/task-002',
      'ai/agents/issue-1/qa-tester/task-003',
      'ai/issue-1',
      'ai/state/issue-1',
      'ai/state/runs',
      'main',
    ]);
    const merged = await git(bare, 'branch', '--format=%(refname:short)', '--merged', 'ai/issue-1');
    expect(merged.split('\n')).toHaveLength(5);
    const [backend, frontend] = ['backend-dev/task-001', 'frontend-dev/task-002'].map((b) => `ai/agents/issue-1/${b}`);
    expect(await git(bare, 'rev-parse', `${backend}^`)).toBe(await git(bare, 'rev-parse', `${frontend}^`));
  });

  test('leaves a result whose tests pass, old and new ones', async () => {
    const { stdout } = await promisify(execFile)('npm', ['test'], { cwd: join(kept, 'result') });
    expect(stdout).toMatch(/pass 20\b/);
    expect(stdout).toMatch(/fail 0\b/);
  });

  test('leaves a report', async () => {
    const report = /^ {2}Report +(.+)$/m.exec(ended.stdout)?.[1] ?? '';
    expect(dirname(report).startsWith(kept)).toBe(true);
    expect(await readFile(report, 'utf8')).toContain('Add user login with email and password');
  });
});

describe('a demo that cannot start', () => {
  test('asks for a key when the real model is wanted and there is none', async () => {
    const { exitCode, stderr } = await demo(['--live']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/set ANTHROPIC_API_KEY/);
  });

  test('names what it understands when an argument is wrong', async () => {
    const { exitCode, stderr } = await demo(['--lvie']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/--lvie/);
    expect(stderr).toMatch(/Usage: npm run demo/);
  });

  test('does not write into a directory that holds something', async () => {
    const full = join(home, 'full');
    await mkdir(full);
    await writeFile(join(full, 'mine.txt'), '');
    const { exitCode, stderr } = await demo(['--keep', full]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is not empty/);
  });

  test('says that git is missing', async () => {
    const { exitCode, stderr } = await demo([], { PATH: join(home, 'nothing') });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/needs git 2\.38 or later, and there is no git/);
  });

  test('says that node is too old before it loads anything else', async () => {
    const old = join(home, 'old-node.cjs');
    await writeFile(old, "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });");
    const { exitCode, stderr } = await demo([], {}, ['--require', old]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^The demo needs node 20 or later; this is node 18\.20\.4\./);
  });
});
