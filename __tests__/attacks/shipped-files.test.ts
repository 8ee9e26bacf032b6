// What others run because we ship it: workflow files, and the bundles that stand in for the sources.
import { execFile, execFileSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { initFiles } from '../../src/init/init-files.ts';
import { actionlintFindings, githubFindings, type YamlFile } from '../workflows/linters.ts';
import { policyBreaches } from '../workflows/policy.ts';

const folders = ['examples', '.github/workflows', 'demo/sample/.github/workflows'];

/** Every workflow of the repository, and those that `init` writes into others'. */
async function shippedWorkflows(): Promise<readonly YamlFile[]> {
  const files = folders.map(async (folder) => {
    const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name));
    return Promise.all(names.map(async (name) => [`${folder}/${name}`, await readFile(join(folder, name), 'utf8')]));
  });
  const written = [false, true].map((singleJob) => {
    const [workflow] = initFiles({ singleJob });
    return [`init-${singleJob ? 'single' : 'two'}.yml`, workflow?.content ?? ''];
  });
  return [...(await Promise.all(files)).flat(), ...written].map(([path = '', content = '']) => ({
    path: `.github/workflows/${path.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '')}`,
    content,
  }));
}

describe('the YAML that is shipped', () => {
  let workflows: readonly YamlFile[];
  let action: YamlFile;
  beforeAll(async () => {
    workflows = await shippedWorkflows();
    action = { path: 'action.yml', content: await readFile('action.yml', 'utf8') };
  });

  const breaches = (content: string): readonly string[] =>
    policyBreaches(content, {
      ownAction: 'ai-implement/ai-implement',
      inputs: Object.keys(Object(parse(action.content)).inputs),
    });

  test('T02 template lint: actionlint and GitHub’s own service find nothing', async () => {
    expect(workflows.length).toBeGreaterThanOrEqual(7);
    expect(await actionlintFindings(workflows)).toEqual([]);
    const found = await githubFindings([action, ...workflows]);
    expect(Object.entries(found).filter(([, findings]) => findings.length > 0)).toEqual([]);
  });

  test('T02 template lint: none breaks our rules, and no text of an event stands in a script', () => {
    for (const { path, content } of workflows) {
      expect([path, breaches(content)]).toEqual([path, []]);
      expect([path, scriptsOf(content).filter((script) => script.includes('${{ github.event'))]).toEqual([path, []]);
    }
  });

  test('T02 template lint: no job that has the model’s key may write contents, but for the one that says so', () => {
    for (const { path, content } of workflows) {
      const jobs: readonly [string, unknown][] = Object.entries(Object(Object(parse(content)).jobs));
      const both = jobs.filter(([, job]) => holdsKey(job) && Object(Object(job).permissions).contents === 'write');
      const isSingle = jobs.some(([id]) => id === 'implement');
      expect([path, both.map(([id]) => id)]).toEqual([path, isSingle ? ['implement'] : []]);
    }
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['a tag for a commit', (text) => text.replace(/(actions\/checkout@)[0-9a-f]{40}/, '$1v7'), /not pinned/],
    ['no top-level permissions', (text) => text.replace('permissions: {}', ''), /does not say its permissions/],
    [
      'all permissions for a job',
      (text) => text.replace(/permissions:\n( {6}.*\n)+/, 'permissions: write-all\n'),
      /write-all/,
    ],
    ['a token left in the checkout', (text) => text.replace('persist-credentials: false', ''), /\.git\/config/],
    ['no time limit', (text) => text.replace(/timeout-minutes: 75/, ''), /no timeout-minutes/],
    ['a trigger on strangers’ code', (text) => text.replace('issue_comment:', 'pull_request_target:'), /stranger/],
    [
      'an issue’s title in a script',
      (text) => text.replace('    steps:\n', '    steps:\n      - run: echo "${{ github.event.issue.title }}"\n'),
      /goes into a script/,
    ],
  ])('mutation: with %s a shipped workflow is found out', (_, change, expected) => {
    const shipped = workflows.find(({ path }) => path.endsWith('examples-ai-implement.yml'))?.content ?? '';
    expect(breaches(shipped)).toEqual([]);
    expect(change(shipped)).not.toBe(shipped);
    expect(breaches(change(shipped)).join('\n')).toMatch(expected);
  });

  test('mutation: actionlint finds a job that another one does not name', async () => {
    const shipped = workflows.find(({ path }) => path.endsWith('examples-ai-implement.yml'))?.content ?? '';
    const broken = { path: '.github/workflows/broken.yml', content: shipped.replace('needs: agent', 'needs: agents') };
    expect((await actionlintFindings([broken])).join('\n')).toMatch(/agents/);
  });
});

const scriptsOf = (content: string): readonly string[] =>
  Object.values(Object(Object(parse(content)).jobs))
    .flatMap((job) => Object(job).steps ?? [])
    .map((step) => String(Object(step).run ?? ''));

const holdsKey = (job: unknown): boolean => JSON.stringify(job).includes('secrets.');

describe('the bundles that are shipped', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dist-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' });

  /** The line of the check of this repository that says whether dist/ is what the sources build, as it stands there. */
  const gate = async (place: string): Promise<{ readonly isOpen: boolean; readonly said: string }> => {
    const line =
      (await readFile('.ci/run', 'utf8')).split('\n').find((one) => one.includes('dist/ is stale')) ?? 'exit 9';
    return new Promise((resolve) => {
      execFile('bash', ['-c', line], { cwd: place }, (error, said) => resolve({ isOpen: error === null, said }));
    });
  };

  /** True where what is committed says of itself that it is built: no source is newer than the bundles. */
  const isBuilt = (): boolean => {
    const last = (...paths: readonly string[]): string =>
      execFileSync('git', ['log', '-1', '--format=%H', '--', ...paths], { encoding: 'utf8' }).trim();
    try {
      const sources = last('src', 'scripts/build.mjs', 'package-lock.json', 'demo', 'testbed');
      execFileSync('git', ['merge-base', '--is-ancestor', sources, last('dist')]);
      return true;
    } catch {
      return false;
    }
  };

  const bundles = async (folder: string): Promise<Readonly<Record<string, string>>> => {
    const names = await readdir(folder);
    const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const);
    return Object.fromEntries(await Promise.all(texts));
  };

  test('T77 dist check: built once more, the sources give the same bytes', async () => {
    execFileSync(process.execPath, ['scripts/build.mjs', `--outdir=${directory}`]);
    const [built, again] = [await bundles('dist'), await bundles(directory)];
    expect(Object.keys(built)).toContain('action.cjs');
    expect(Object.keys(again)).toEqual(Object.keys(built));
    for (const [name, bytes] of Object.entries(again)) expect([name, bytes === built[name]]).toEqual([name, true]);
  });

  // Between two builds of dist/ there is nothing to compare; the check of the repository refuses to let that land.
  (isBuilt() ? test : test.skip)('T77 dist check: what is committed is what the sources build', async () => {
    expect(await gate('.')).toEqual({ isOpen: true, said: '' });
  });

  test('mutation: one line more in a committed bundle closes the gate', async () => {
    git('init', '--quiet');
    await cp('dist', join(directory, 'dist'), { recursive: true });
    git('add', '--all');
    git('commit', '--quiet', '--message', 'dist');
    expect(await gate(directory)).toEqual({ isOpen: true, said: '' });
    await appendFile(join(directory, 'dist', 'action.cjs'), '\nprocess.env.KEY;\n');
    git('commit', '--quiet', '--all', '--message', 'planted');
    // What the sources build is put in its place, as the check does before it looks.
    await cp('dist', join(directory, 'dist'), { recursive: true });
    expect(await gate(directory)).toMatchObject({ isOpen: false, said: expect.stringContaining('dist/ is stale') });
  });
});
