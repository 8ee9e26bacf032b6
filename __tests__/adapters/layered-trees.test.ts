// What layers are for: a file of the base commit lies on the disk once, and so does what an agent made, whoever looks at it.
import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Trees } from '../../src/ports.ts';
import { createCommitChecker } from '../../src/verify/check-commit.ts';
import { recordedReporter } from '../support/spine.ts';
import { buildToolhost, sh, startTreeBed } from '../support/tree-bed.ts';

const toolhost = await buildToolhost();
const bed = await startTreeBed({ 'of-base.txt': 'base\n', 'folder/other.txt': 'other\n' }, toolhost.path);
afterAll(async () => {
  await bed.close();
  await toolhost.remove();
});
const { trees: kind } = await bed.trees.sandbox();
const testOfOverlays = kind === 'overlay' ? test : test.skip;

/** How often files of these names lie below the folder of all trees. */
const copiesOf = (...names: readonly string[]): readonly number[] =>
  names.map((name) => {
    // The work folder of an overlay holds one that only root may look into.
    const args = [join(bed.directory, 'trees'), '-name', 'work', '-prune', '-o', '-type', 'f', '-name', name, '-print'];
    const found = execFileSync('find', args).toString();
    return found.split('\n').length - 1;
  });

testOfOverlays('agents, the baseline and the checks of a merge stand on the same layers', async () => {
  const counted: (readonly number[])[] = [];
  const watched: Trees = {
    ...bed.trees,
    open: async (name, commit) => {
      const tree = await bed.trees.open(name, commit);
      const close = async (): Promise<void> => {
        counted.push(copiesOf('of-base.txt', 'made.txt'));
        await tree.close();
      };
      return { ...tree, close };
    },
  };
  const check = createCommitChecker({
    ...{ git: bed.store, trees: watched, reporter: recordedReporter(), timeoutMs: 20_000 },
    checks: [{ name: 'reads', command: 'cat of-base.txt made.txt 2>/dev/null; test -e of-base.txt' }],
    saveLog: () => Promise.resolve(null),
  });
  expect(await check(bed.base, 'baseline', null)).toMatchObject([{ exitCode: 0 }]);

  const agent = await watched.open('TASK-001', bed.base);
  await sh(agent, 'echo made >made.txt');
  const { tree } = await agent.save();
  await agent.close();
  const head = await bed.store.commit(tree, [bed.base], 'made');

  const [dependent] = await Promise.all([watched.open('TASK-002', head), check(head, 'merge', 'TASK-001')]);
  expect(await sh(dependent, 'cat of-base.txt made.txt')).toBe('base\nmade\n');
  await dependent.close();
  expect(counted).toEqual([
    [1, 0],
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

testOfOverlays('an agent that planted something in its own repository leaves it to nobody', async () => {
  const agent = await bed.trees.open('TASK-003', bed.base);
  await sh(
    agent,
    'echo planted >planted.txt; git config alias.planted status; echo x >.git/hooks.planted; git branch mine',
  );
  const { tree } = await agent.save();
  await agent.close();
  const next = await bed.trees.open('TASK-004', await bed.store.commit(tree, [bed.base], 'planted'));
  const { content } = await next.call(
    'bash',
    { command: 'cat planted.txt; git config alias.planted; ls .git/hooks.planted; git branch' },
    { owns: [], foreign: [] },
  );
  expect(content).toContain('planted\nls: cannot access');
  expect(content).toMatch(/\n\* task-004$/);
  expect(content).not.toContain('mine');
  await next.close();
});

testOfOverlays('a commit with the work of more agents than may lie on each other is whole all the same', async () => {
  let head = bed.base;
  const numbers = Array.from({ length: 18 }, (_none, i) => String(i + 1));
  for (const number of numbers) {
    const agent = await bed.trees.open(`TASK-${number}`, head);
    await sh(agent, `echo ${number} >chain-${number}.txt; echo ${number} >>folder/other.txt`);
    const { tree } = await agent.save();
    await agent.close();
    head = await bed.store.commit(tree, [head], number);
  }
  const last = await bed.trees.open('TASK-LAST', head);
  expect(await sh(last, 'cat $(ls -v chain-*.txt); cat folder/other.txt')).toBe(
    [...numbers, 'other', ...numbers, ''].join('\n'),
  );
  expect(await last.save()).toEqual({ tree: await bed.store.treeOf(head), refused: [] });
  await last.close();
});
