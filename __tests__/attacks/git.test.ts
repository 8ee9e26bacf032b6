// Attacks through git: on the side that reads an agent's files back, and on the side that talks to the remote.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '../../src/adapters/git-process.ts';
import { httpArguments } from '../../src/adapters/git-remote-http.ts';
import { createTrees } from '../../src/adapters/trees.ts';
import { agentBranch } from '../../src/branch-names.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Tree, Trees } from '../../src/ports.ts';
import { inOrder, say } from '../../testbed/model/script.ts';
import { bundleToolhost, git, makeBed, type Bed, type Files } from '../adapters/git-bed.ts';
import { openTestSandbox } from '../support/test-sandbox.ts';
import { startGitServer, type GitServer } from '../adapters/git-http-bed.ts';
import { issueOf, noLimits, planReply, replyTask, roleOf, startModelBed, userSays } from '../support/spine.ts';
import { gitPayloads, payloadFiles } from './git-payloads.ts';

const token = 'ghs_planted0token0planted';
const basic = Buffer.from(`x-access-token:${token}`).toString('base64');

let built: string;
let toolhostPath: string;
let marker: string;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'git-attacks-'));
  toolhostPath = await bundleToolhost(built);
  marker = join(built, 'marker');
});
beforeEach(() => rm(marker, { force: true }));
afterAll(() => rm(built, { recursive: true, force: true }));

const ran = (): boolean => existsSync(marker);
const armed = (command: string): string => command.replaceAll('MARK', `touch ${marker}`);

/** A repository whose commit is on a server as well, and trees of it. */
interface AttackBed extends Bed {
  readonly server: GitServer;
  readonly trees: Trees;
  /** What a clone of the user's would be: plain git works in it. */
  plainClone(): Promise<string>;
}

async function makeAttackBed(files: Files = payloadFiles): Promise<AttackBed> {
  const at = await mkdtemp(join(built, 'server-'));
  const server = await startGitServer(at);
  const remote = { kind: 'http', url: server.url, token } as const;
  const bed = await makeBed(files, {
    remote,
    prepare: (checkout) => void git(checkout, 'push', '--quiet', server.repository, 'main'),
  });
  const directory = join(bed.directory, 'trees');
  // Outside any sandbox: the payloads have to be able to leave their mark.
  const sandbox = openTestSandbox({ directory: bed.directory, toolhostPath, choice: 'off' });
  const trees = createTrees({ store: bed.store, sandbox, directory, env: { PATH: process.env['PATH'] } });
  let clones = 0;
  return {
    ...bed,
    server,
    trees,
    plainClone: async () => {
      const clone = join(bed.directory, `clone-${++clones}`);
      git(bed.directory, 'clone', '--quiet', bed.checkout, clone);
      return clone;
    },
    close: async () => {
      await trees.close();
      await server.close();
      await bed.close();
    },
  };
}

const inTree = async (tree: Tree, command: string): Promise<string> =>
  (await tree.run({ command: armed(command), timeoutMs: 20_000 })).output;

/** As somebody with a shell and the machine's git would. */
function inShell(directory: string, command: string, env: Readonly<Record<string, string>> = {}): string {
  const identity = {
    GIT_AUTHOR_NAME: 'x',
    GIT_AUTHOR_EMAIL: 'x@x',
    GIT_COMMITTER_NAME: 'x',
    GIT_COMMITTER_EMAIL: 'x@x',
  };
  const { stdout, stderr } = spawnSync('bash', ['-c', armed(command)], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: directory, GIT_CONFIG_NOSYSTEM: '1', ...identity, ...env },
    timeout: 20_000,
  });
  return `${stdout.toString()}${stderr.toString()}`;
}

/** All that a run does with an agent's files: read back, compare, search, merge, push, write out again. */
async function wholeWay({ store, base }: Bed, tree: Tree): Promise<string> {
  const saved = await tree.save();
  const commit = await store.commit(saved.tree, [base], 'work');
  await store.changedFiles(base, commit);
  await store.diff(base, commit);
  await store.grep(commit, ['two', 'one']);
  const other = await store.writeFiles(base, [{ path: 'other.txt', content: 'three\n' }]);
  const merge = await store.merge(commit, await store.commit(other, [base], 'other'));
  const expected = await store.remoteBranch('ai/work');
  await store.push([{ branch: 'ai/work', commit, expected }]);
  await tree.reset(merge.tree);
  await tree.reset(commit);
  expect((await tree.save()).tree).toBe(saved.tree);
  return commit;
}

describe('payloads in a tree', () => {
  let bed: AttackBed;
  beforeAll(async () => {
    bed = await makeAttackBed();
  });
  afterAll(() => bed.close());

  test.each(gitPayloads)('T40 git config payloads: $name is live, and never run on the whole way', async (payload) => {
    const clone = await bed.plainClone();
    inShell(clone, payload.plant);
    await rm(marker, { force: true });
    if (payload.silent !== undefined) {
      inShell(clone, payload.silent);
      expect(ran()).toBe(false);
    }
    const said = inShell(clone, payload.live);
    if (!ran()) throw new Error(`the payload is not live: ${said}`);

    const tree = await bed.trees.open('hostile', bed.base);
    await inTree(tree, `echo two > a.txt; ${payload.plant}`);
    await inTree(tree, 'touch -d 2001-01-01 *.txt');
    await rm(marker, { force: true });
    const commit = await wholeWay(bed, tree);
    await tree.close();
    expect(ran()).toBe(false);
    expect((await bed.store.changedFiles(bed.base, commit)).map(({ path }) => path)).toContain('a.txt');
    expect(git(bed.server.repository, 'rev-parse', 'refs/heads/ai/work')).toBe(commit);
  });

  test('programs that the tree brings are not those that the store or the toolhost starts', async () => {
    const tree = await bed.trees.open('hostile', bed.base);
    const fake = (path: string): string => `printf '#!/bin/sh\\nMARK\\n' > ${path}; chmod +x ${path}`;
    await inTree(
      tree,
      `mkdir -p node_modules/.bin; ${['git', 'node', 'cp', 'rm', 'node_modules/.bin/git'].map(fake).join('; ')}`,
    );
    await inTree(tree, "printf '[core]\\n\\tfsmonitor = MARK\\n' > $HOME/.gitconfig; echo MARK > $HOME/.bashrc");
    await rm(marker, { force: true });
    await wholeWay(bed, tree);
    await tree.close();
    expect(ran()).toBe(false);
  });
});

describe('what an agent leaves instead of files', () => {
  let bed: AttackBed;
  beforeAll(async () => {
    bed = await makeAttackBed();
  });
  afterAll(() => bed.close());
  const nested =
    'git init -q n; cd n; echo "* filter=evil" > .gitattributes; echo x > f; git add -A; git -c user.name=x -c user.email=x@x commit -qm x; ' +
    "git config filter.evil.clean 'MARK; cat'; cd ..";
  const modes = async (tree: string): Promise<readonly string[]> =>
    (await bed.store.listFiles(tree)).map(({ mode, path }) => `${mode} ${path}`);

  test.each([
    ['untracked', ''],
    ['committed as gitlink', '; git add n; git -c user.name=x -c user.email=x@x commit -qm n'],
  ])('T41 nested repo: %s, its own directory is rejected and its filter never runs', async (_how, more) => {
    const tree = await bed.trees.open('hostile', bed.base);
    await inTree(tree, `${nested}${more}; echo y > n/f; touch -d 2001-01-01 n/f`);
    await rm(marker, { force: true });
    const saved = await tree.save();
    expect(saved.refused).toEqual([{ path: 'n/.git', reason: expect.stringContaining("git's own directory") }]);
    expect((await modes(saved.tree)).filter((row) => row.includes(' n'))).toEqual([
      '100644 n/.gitattributes',
      '100644 n/f',
    ]);
    await wholeWay(bed, tree);
    expect(ran()).toBe(false);
    await tree.close();
  });

  test('T41 nested repo: one inside a submodule of the commit is rejected, and the submodule stays', async () => {
    const gitlink = { path: 'sub', mode: '160000', id: bed.base };
    const withSub = await bed.store.writeTree([...(await bed.store.listFiles(bed.base)), gitlink], []);
    const tree = await bed.trees.open('hostile', await bed.store.commit(withSub, [bed.base], 'submodule'));
    await inTree(
      tree,
      `git init -q sub; cd sub; echo '* filter=evil' > .gitattributes; git config filter.evil.clean MARK`,
    );
    await rm(marker, { force: true });
    const saved = await tree.save();
    expect(saved).toEqual({ tree: withSub, refused: [{ path: 'sub', reason: 'it lies in a submodule' }] });
    expect(ran()).toBe(false);
    await tree.close();
  });

  test("mutation: importing with `git add` from a private repository runs the nested repository's filter", async () => {
    const folder = await bed.plainClone();
    inShell(folder, `${nested}; git add n; echo y > n/f; touch -d 2001-01-01 n/f`);
    await rm(marker, { force: true });
    const gitDir = join(bed.directory, 'private');
    git(bed.directory, 'init', '--quiet', '--bare', gitDir);
    // The index knows the nested repository, as it does after a first import.
    await copyFile(join(folder, '.git', 'index'), join(gitDir, 'index'));
    const args = ['-c', 'diff.ignoreSubmodules=all', `--work-tree=${folder}`, 'add', '-A'];
    const said = await runGit({ gitDir, args }).catch((error: unknown) => error);
    if (!ran()) throw new Error(`the attack failed: ${String(said)}`);
    expect(ran()).toBe(true);
  });

  test.each([
    ['a file', `rm -rf .git; echo 'gitdir: /tmp' > .git`],
    ['a link', 'rm -rf .git; ln -s /tmp .git'],
    [
      'another repository',
      `rm -rf .git; git init -q .; git config core.fsmonitor MARK; git config filter.evil.clean MARK`,
    ],
    ['nothing', 'rm -rf .git'],
    ['a FIFO', 'rm -rf .git; mkfifo .git'],
  ])('T42 .git swap: %s in its place leaves the import as it was', async (_what, swap) => {
    const tree = await bed.trees.open('hostile', bed.base);
    await inTree(tree, `echo two > a.txt; ${swap}`);
    await rm(marker, { force: true });
    const expected = await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content: 'two\n' }]);
    expect(await tree.save()).toEqual({ tree: expected, refused: [] });
    await wholeWay(bed, tree);
    expect(await inTree(tree, 'git status --short')).toBe('');
    expect(ran()).toBe(false);
    await tree.close();
  });

  const lookAlikes = [
    '.GIT/config',
    'd/.GiT/hooks/pre-commit',
    'git~1/config',
    'GIT~2/config',
    '.git /config',
    '.git./config',
    '.git. ./config',
    '.git::$INDEX_ALLOCATION/config',
    '.git:x/config',
    '.g\u200cit/config',
    '.\ufeffgit/config',
    '\uff0egit/config',
    'x\\.git/config',
    '..\\outside',
  ];
  const plantFile = (path: string): string => `mkdir -p "$(dirname '${path}')"; echo hostile > '${path}'`;

  test.each(lookAlikes)('T43 .git look-alikes: %j is rejected with its name', async (path) => {
    const tree = await bed.trees.open('hostile', bed.base);
    await inTree(tree, plantFile(path));
    const saved = await tree.save();
    expect(saved.refused.map((one) => one.path)).toEqual([path.replace(/^((?:d\/)?[^/]+).*$/, '$1')]);
    expect(saved.tree).toBe(await bed.store.treeOf(bed.base));
    // A reset takes it away.
    await tree.reset(bed.base);
    expect((await tree.save()).refused).toEqual([]);
    await tree.close();
  });

  test('T43 .git look-alikes: a commit of a stranger that holds one is not written out', async () => {
    const blob = (await bed.store.listFiles(bed.base))[0]?.id ?? '';
    for (const path of lookAlikes) {
      const tree = await bed.store.writeTree([{ path, mode: '100644', id: blob }], []);
      const opening = bed.trees.open('hostile', await bed.store.commit(tree, [], 'hostile'));
      await expect(opening).rejects.toMatchObject({ code: 'repository-unsafe' });
    }
  });

  test('mutation: what git itself rejects is less, so that `git add` takes a look-alike into a commit', async () => {
    const folder = await bed.plainClone();
    inShell(folder, `${plantFile('.g\u200cit/config')}; git add -A`);
    expect(git(folder, 'ls-files', '-z')).toContain('it/config');
  });

  const attributes =
    '*.txt text eol=crlf ident\nutf16.txt working-tree-encoding=UTF-16LE\n*.bin filter=evil\nx export-subst\n';
  const raw = {
    '.gitattributes': attributes,
    'ident.txt': '$Id$\r\n',
    'utf16.txt': 'ab\n',
    'f.bin': 'f\n',
    x: '$Format:%H$\n',
  };
  const writeRaw = Object.entries(raw)
    .map(([path, content]) => `printf '%s' '${content}' > ${path}`)
    .join('; ');

  test('T44 .gitattributes: the tree holds the bytes of the files, whatever they ask for', async () => {
    const tree = await bed.trees.open('hostile', bed.base);
    await inTree(tree, `${writeRaw}; git config filter.evil.clean 'MARK; tr f g'`);
    const saved = await tree.save();
    const files = Object.entries(raw).map(([path, content]) => ({ path, content }));
    expect(saved).toEqual({ tree: await bed.store.writeFiles(bed.base, files), refused: [] });
    const commit = await wholeWay(bed, tree);
    await tree.reset(bed.base);
    await tree.reset(commit);
    expect(await inTree(tree, 'cat ident.txt utf16.txt f.bin x')).toBe('$Id$\r\nab\nf\n$Format:%H$\n');
    expect(ran()).toBe(false);
    await tree.close();
  });

  test('mutation: `git add` makes other bytes of the same files', async () => {
    const folder = await bed.plainClone();
    inShell(
      folder,
      `${writeRaw}; git config filter.evil.clean 'MARK; tr f g'; git add -A .gitattributes f.bin ident.txt`,
    );
    expect(git(folder, 'show', ':f.bin')).toBe('g');
    expect(git(folder, 'show', ':ident.txt')).toBe('$Id$');
    expect(ran()).toBe(true);
  });

  test('T46 ext transport: neither a remote nor a submodule of the tree is ever contacted', async () => {
    const tree = await bed.trees.open('hostile', bed.base);
    const url = 'ext::sh -c MARK';
    await inTree(
      tree,
      `git config protocol.ext.allow always; git remote add origin '${url}'; git config url.'${url}'.insteadOf http://`,
    );
    await inTree(tree, `printf '[submodule "n"]\\n\\tpath = n\\n\\turl = ${url}\\n' > .gitmodules; mkdir n`);
    await rm(marker, { force: true });
    await wholeWay(bed, tree);
    await tree.close();
    expect(ran()).toBe(false);
  });

  const extUrl = (): string => `ext::sh -c touch% ${marker}`;

  test('T46 ext transport: no git child of ours speaks it, and no remote can be made of it', async () => {
    for (const protocol of ['https', 'http', 'file'] as const) {
      const asking = runGit({ gitDir: bed.store.storePath, protocol, args: ['ls-remote', extUrl()] });
      await expect(asking).rejects.toThrow("transport 'ext' not allowed");
    }
    const remote = { kind: 'http', url: extUrl(), token } as const;
    await expect(makeBed({}, { remote })).rejects.toThrow('http(s) only');
    expect(ran()).toBe(false);
  });

  test('mutation: a git that may speak ext runs the command', () => {
    inShell(bed.checkout, `git -c protocol.ext.allow=always ls-remote '${extUrl()}'`);
    expect(ran()).toBe(true);
  });

  test('T47 option injection: files that are named like options are only files', async () => {
    const tree = await bed.trees.open('hostile', bed.base);
    const names = ['-rf', '--output=x', '--upload-pack=touch', '-c'];
    await inTree(tree, names.map((name) => `echo x > ./${name}`).join('; '));
    const commit = await wholeWay(bed, tree);
    const restored = await bed.store.restore(commit, bed.base, names);
    expect(restored).toBe(await bed.store.treeOf(bed.base));
    await tree.reset(bed.base);
    expect(await inTree(tree, 'ls -A | sort | tr "\\n" " "')).toBe('.git .gitattributes a.txt b.txt ');
    await tree.close();
  });

  test('T47 option injection: what a model calls a task or a branch names nothing of ours', async () => {
    const reply = planReply([
      replyTask(1, { task_id: '../../x' }),
      replyTask(2, { task_id: '--upload-pack=x', dependencies: ['../../x'] }),
    ]);
    const model = await startModelBed(inOrder(say(JSON.stringify(reply))));
    const input = {
      issue: issueOf(),
      shared: userSays('The brief and the request.'),
      manager: roleOf('manager', { maxTokens: 8_000 }),
      workers: [roleOf('backend-dev')],
      limits: noLimits,
      checks: [{ name: 'test', command: 'npm test' }],
      continues: false,
      isProtected: () => false,
    };
    const estimate = () => ({ tasks: [], expectedNanoUsd: 1, worstNanoUsd: 2 });
    const result = await makePlan(input, { ...model, estimate });
    await model.close();
    if (result.kind !== 'plan') throw new Error(`no plan but ${result.kind}`);
    expect(result.plan.tasks.map(({ id }) => id)).not.toContain('../../x');
    for (const { id, role } of result.plan.tasks) {
      expect(agentBranch('ai', 'issue-1', role, id)).toMatch(/^ai\/agents\/issue-1\/backend-dev\/task-00\d$/);
    }
    for (const branch of ['--upload-pack=x', 'ai/--upload-pack=x', 'ai/../../x', 'ai/x;id', 'ai/x y', 'main']) {
      const pushing = bed.store.push([{ branch, commit: bed.base, expected: null }]);
      await expect(pushing).rejects.toThrow('not a branch of ours');
    }
    for (const id of ['--upload-pack=x', 'HEAD', '-rf']) {
      await expect(bed.store.push([{ branch: 'ai/x', commit: id, expected: null }])).rejects.toThrow('object id');
      await expect(bed.store.push([{ branch: 'ai/x', commit: bed.base, expected: id }])).rejects.toThrow('object id');
      await expect(bed.store.diff(id, bed.base)).rejects.toThrow('object id');
    }
  });

  test('mutation: an id that is not checked is read as an option', async () => {
    const args = ['diff-tree', '-p', '-r', `--output=${marker}`, bed.base, bed.base];
    await runGit({ gitDir: bed.store.storePath, args });
    expect(ran()).toBe(true);
  });
});

describe('the way to the remote', () => {
  let bed: AttackBed;
  let other: GitServer;
  beforeEach(async () => {
    bed = await makeAttackBed({ 'a.txt': 'one\n' });
    other = await startGitServer(await mkdtemp(join(built, 'other-')));
  });
  afterEach(async () => {
    await other.close();
    await bed.close();
  });

  const work = async (): Promise<string> => {
    const tree = await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content: `${Math.random()}\n` }]);
    return bed.store.commit(tree, [bed.base], 'work');
  };
  const authorization = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}` };
  /** Our push, but for the switches that are left out. */
  const rawPush = (
    commit: string,
    switches: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<unknown> =>
    runGit({
      gitDir: bed.store.storePath,
      protocol: 'http',
      env: { ...authorization, GIT_CONFIG_KEY_0: `http.${new URL(bed.server.url).origin}/.extraheader`, ...env },
      args: [...switches, 'push', '--', bed.server.url, `${commit}:refs/heads/ai/raw`],
    }).catch((error: unknown) => error);

  /** Configuration files that send what is meant for the server elsewhere, in each place that git looks in. */
  const misleadingHome = async (): Promise<string> => {
    const home = join(bed.directory, 'home');
    await mkdir(home, { recursive: true });
    const config = `[url "${new URL(other.url).origin}/"]\n\tinsteadOf = ${new URL(bed.server.url).origin}/\n`;
    await writeFile(join(home, '.gitconfig'), config);
    await writeFile(join(home, 'system'), config);
    return home;
  };
  const inEnvironment = async (values: Readonly<Record<string, string>>, act: () => Promise<void>): Promise<void> => {
    const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, values);
    try {
      await act();
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
  };

  test('T45 insteadOf: no configuration of the tree, the user, the machine or the checkout turns a push away', async () => {
    const home = await misleadingHome();
    const rewrite = `url.${new URL(other.url).origin}/.insteadOf`;
    git(bed.checkout, 'config', rewrite, `${new URL(bed.server.url).origin}/`);
    const tree = await bed.trees.open('hostile', bed.base);
    await inTree(
      tree,
      `git config ${rewrite} ${new URL(bed.server.url).origin}/; cp .git/config $HOME/.gitconfig; echo x > a.txt`,
    );
    const env = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      GIT_CONFIG_GLOBAL: `${home}/.gitconfig`,
      GIT_CONFIG_SYSTEM: `${home}/system`,
    };
    await inEnvironment(env, async () => {
      const commit = await wholeWay(bed, tree);
      expect(git(bed.server.repository, 'rev-parse', 'refs/heads/ai/work')).toBe(commit);
    });
    await tree.close();
    expect(other.seen).toEqual([]);
  });

  test.each([
    ['the user', { GIT_CONFIG_GLOBAL: '.gitconfig' }],
    ['the machine', { GIT_CONFIG_NOSYSTEM: '0', GIT_CONFIG_SYSTEM: 'system' }],
  ])('mutation: a git that reads the configuration of %s pushes to the other server', async (_whose, files) => {
    const home = await misleadingHome();
    const env = Object.fromEntries(
      Object.entries(files).map(([name, value]) => [name, /^\d$/.test(value) ? value : join(home, value)]),
    );
    await rawPush(await work(), httpArguments, env);
    expect(other.seen.length).toBeGreaterThan(0);
    expect(bed.server.seen).toEqual([]);
  });

  const commandLines = (): readonly string[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
        } catch {
          return [];
        }
      });
  /** Every command line that is seen while git waits for an answer of the server. */
  const watchProcesses = (): string[] => {
    const lines: string[] = [];
    bed.server.gate = () => {
      lines.push(...commandLines());
      return null;
    };
    return lines;
  };
  const showing = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => [token, basic, 'x-access-token'].some((form) => line.includes(form)));
  const filesBelow = (directory: string): readonly string[] =>
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .map((name) => join(directory, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);

  test('T48 token in argv: no command line and no file shows it while git fetches and pushes', async () => {
    const lines = watchProcesses();
    const commit = await work();
    await bed.store.push([{ branch: 'ai/x', commit, expected: null }]);
    await bed.store.fetch('ai/x');
    expect(lines.filter((line) => line.includes('remote-http'))).not.toEqual([]);
    expect(bed.server.seen.map(({ authorization: header }) => header)).toContain(`Basic ${basic}`);
    expect(showing(lines)).toEqual([]);
    const texts = filesBelow(bed.directory).map((path) => readFileSync(path, 'latin1'));
    expect(showing(texts)).toEqual([]);
  });

  test('mutation: a token in the URL or in a switch stands in command lines', async () => {
    const lines = watchProcesses();
    const commit = await work();
    await rawPush(commit, ['-c', `http.extraheader=Authorization: Basic ${basic}`]);
    expect(showing(lines)).not.toEqual([]);
  });

  const sendAway = (): void => {
    bed.server.gate = ({ url }: IncomingMessage) => ({
      status: 301,
      location: `${new URL(other.url).origin}${url ?? ''}`,
    });
  };

  test('T49 push redirect: push, fetch and look-up fail, and the other host hears nothing', async () => {
    const commit = await work();
    sendAway();
    await expect(bed.store.push([{ branch: 'ai/x', commit, expected: null }])).rejects.toThrow();
    await expect(bed.store.fetch('main')).rejects.toThrow();
    await expect(bed.store.remoteBranch('ai/x')).rejects.toThrow();
    await expect(bed.store.checkPush()).rejects.toThrow();
    expect(bed.server.seen.length).toBeGreaterThanOrEqual(4);
    expect(other.seen).toEqual([]);
  });

  test('mutation: a push that follows redirects hands the token to the other host', async () => {
    const commit = await work();
    sendAway();
    await rawPush(commit, []);
    expect(other.seen.map(({ authorization: header }) => header)).toContain(`Basic ${basic}`);
  });

  test('a push that the server accepts but does not keep is told as refused', async () => {
    const commit = await work();
    const hook = join(bed.server.repository, 'hooks', 'post-receive');
    await writeFile(hook, '#!/bin/sh\nwhile read -r _ _ ref; do git update-ref -d "$ref"; done\n', { mode: 0o755 });
    await expect(bed.store.push([{ branch: 'ai/x', commit, expected: null }])).rejects.toMatchObject({
      code: 'push-refused',
    });
  });

  test('a branch whose objects git finds unsafe is not taken from the server', async () => {
    const repository = bed.server.repository;
    const blob = execFileSync('git', ['-C', repository, 'rev-parse', 'main:a.txt']).toString().trim();
    const row = Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]);
    const env = {
      PATH: process.env['PATH'],
      GIT_AUTHOR_NAME: 'x',
      GIT_AUTHOR_EMAIL: 'x@x',
      GIT_COMMITTER_NAME: 'x',
      GIT_COMMITTER_EMAIL: 'x@x',
    };
    const make = (args: readonly string[], input: Buffer): string =>
      execFileSync('git', ['-C', repository, ...args], { input, env })
        .toString()
        .trim();
    const tree = make(['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], row);
    const commit = make(['commit-tree', tree], Buffer.from('hostile\n'));
    make(['update-ref', 'refs/heads/ai/hostile', commit], Buffer.alloc(0));
    await expect(bed.store.fetch('ai/hostile')).rejects.toMatchObject({ code: 'repository-unsafe' });
  });
});
