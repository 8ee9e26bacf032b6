// An agent that plants programs for git to run. Each payload is first shown to be live: plain git in the tree runs it.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrees } from '../../src/adapters/trees.ts';
import type { Tree, Trees } from '../../src/ports.ts';
import { openTestSandbox } from '../support/test-sandbox.ts';
import { bundleToolhost, makeBed, type Bed } from './git-bed.ts';

let built: string;
let bed: Bed;
let trees: Trees;
let marker: string;
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'toolhost-'));
  const toolhostPath = await bundleToolhost(built);
  bed = await makeBed({
    'a.txt': 'one\n',
    'b.txt': 'one\n',
    '.gitattributes': '*.txt filter=evil diff=evil merge=evil\n',
  });
  const directory = join(bed.directory, 'trees');
  // Outside any sandbox: the payloads have to be able to leave their mark.
  const sandbox = openTestSandbox({ directory: bed.directory, toolhostPath, choice: 'off' });
  trees = createTrees({ store: bed.store, sandbox, directory, env: { PATH: process.env['PATH'] } });
  marker = join(built, 'marker');
});
beforeEach(() => rm(marker, { force: true }));
afterAll(async () => {
  await trees.close();
  await bed.close();
  await rm(built, { recursive: true, force: true });
});

const run = async (tree: Tree, command: string): Promise<string> => {
  const result = await tree.run({ command: command.replaceAll('MARK', `touch ${marker}`), timeoutMs: 20_000 });
  return result.output;
};

/** What an unwary orchestrator would do in a tree. */
const plainGit = 'touch -d 2001-01-01 *.txt; git checkout b.txt; git status; git diff; git add -A; git commit -m x';
const hook = (name: string): string => `printf '#!/bin/sh\\nMARK\\n' > .git/hooks/${name}; chmod +x .git/hooks/${name}`;
const config = (key: string, value = 'MARK'): string => `git config ${key} '${value}'`;

const payloads: readonly (readonly [string, string])[] = [
  ['core.fsmonitor', config('core.fsmonitor')],
  ['a pre-commit hook', `mkdir -p .git/hooks; ${hook('pre-commit')}`],
  ['a post-index-change hook', `mkdir -p .git/hooks; ${hook('post-index-change')}`],
  ['a reference-transaction hook', `mkdir -p .git/hooks; ${hook('reference-transaction')}`],
  [
    'core.hooksPath',
    `mkdir h; printf '#!/bin/sh\\nMARK\\n' > h/pre-commit; chmod +x h/pre-commit; ${config('core.hooksPath', 'h')}`,
  ],
  ['a clean filter', config('filter.evil.clean', 'MARK; cat')],
  ['a smudge filter', `${config('filter.evil.smudge', 'MARK; cat')}; rm b.txt`],
  ['a process filter', config('filter.evil.process')],
  ['a textconv', config('diff.evil.textconv', 'MARK; cat')],
  ['a diff driver', config('diff.evil.command')],
  ['diff.external', config('diff.external')],
  ['an included config', `printf '[core]\\n\\tfsmonitor = MARK\\n' > inc; ${config('include.path', '../inc')}`],
  ['a .git that points elsewhere', `mv .git real; echo "gitdir: real" > .git; ${config('core.fsmonitor')}`],
  ['a .git that is a link', `mv .git real; ln -s real .git; ${config('core.fsmonitor')}`],
  [
    'a nested repository with a filter',
    'git init -q n; cd n; echo "* filter=evil" > .gitattributes; echo x > f; git add -A; git -c user.name=x -c user.email=x@x commit -qm x; ' +
      "git config filter.evil.clean 'MARK; cat'; cd ..; git add n; echo y > n/f; touch -d 2001-01-01 n/f",
  ],
];

test.each(payloads)('%s is never run by saving, diffing, merging, pushing and resetting', async (_name, plant) => {
  const live = await trees.open('control', bed.base);
  await run(live, 'echo two > a.txt; git config user.name x; git config user.email x@x');
  await run(live, plant);
  await rm(marker, { force: true });
  await run(live, plainGit);
  expect(existsSync(marker)).toBe(true);
  await live.close();

  const tree = await trees.open('hostile', bed.base);
  await run(tree, 'echo two > a.txt');
  await run(tree, plant);
  await run(tree, 'touch -d 2001-01-01 *.txt');
  await rm(marker, { force: true });
  const saved = await tree.save();
  const commit = await bed.store.commit(saved.tree, [bed.base], 'work');
  expect((await bed.store.changedFiles(bed.base, commit)).map(({ path }) => path)).toContain('a.txt');
  await bed.store.diff(bed.base, commit);
  await bed.store.grep(commit, ['two']);
  const other = await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content: 'three\n' }]);
  const merge = await bed.store.merge(commit, await bed.store.commit(other, [bed.base], 'other'));
  const expected = await bed.store.remoteBranch('ai/work');
  await bed.store.push([{ branch: 'ai/work', commit, expected }]);
  await tree.reset(merge.tree);
  await tree.reset(commit);
  await tree.save();
  await tree.close();
  expect(existsSync(marker)).toBe(false);
});

test('programs that the tree brings are not those that the store or the toolhost starts', async () => {
  const tree = await trees.open('hostile', bed.base);
  const fake = (path: string): string => `printf '#!/bin/sh\\nMARK\\n' > ${path}; chmod +x ${path}`;
  await run(
    tree,
    `mkdir -p node_modules/.bin; ${fake('git')}; ${fake('node')}; ${fake('node_modules/.bin/git')}; ${fake('cp')}`,
  );
  await run(
    tree,
    `printf '[core]\\n\\tfsmonitor = MARK\\n\\thooksPath = /tmp\\n' > $HOME/.gitconfig; echo 'MARK' > $HOME/.bashrc`,
  );
  await tree.save();
  await tree.reset(bed.base);
  await tree.close();
  expect(existsSync(marker)).toBe(false);
});
