// Works in trees of one kind in a process of its own, so that a test can play it as another user, and kill it: does a fixed list
// of edits and prints, as one JSON value, what came back after each.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitStore, type GitStore } from '../../src/adapters/git-store.ts';
import { openSource } from '../../src/adapters/git-source.ts';
import { openSandbox } from '../../src/adapters/sandbox/open-sandbox.ts';
import { makeScratchFolder } from '../../src/adapters/scratch-folder.ts';
import { makeShimFolder } from '../../src/adapters/shim-folder.ts';
import { createTrees } from '../../src/adapters/trees.ts';
import type { SavedTree, Tree, Trees } from '../../src/ports.ts';
import type { SandboxConfig } from '../../src/types.ts';
import { edits, lastEdits, laterEdits, refusedEdits, showIgnored } from './tree-edits.ts';

export interface TreeWorkerOptions {
  readonly directory: string;
  readonly checkout: string;
  readonly toolhostPath: string;
  readonly choice: SandboxConfig['backend'];
  /** Name of the one backend to try. */
  readonly only: string | null;
  readonly maySudo: boolean;
  readonly treeKind: 'overlay' | 'reflink' | 'copies';
  /** `edits`: all of them. `wait`: changes a tree, says `waiting` and where its scratch folder is, and stays. */
  readonly task: 'edits' | 'wait';
}

export interface TreeReport {
  readonly backend: string;
  readonly trees: string;
  /** What came back, by the name of the step. */
  readonly saved: Readonly<Record<string, SavedTree>>;
  /** What commands printed, by the name of the step. */
  readonly printed: Readonly<Record<string, string>>;
}

interface Bed {
  readonly trees: Trees;
  readonly store: GitStore;
  readonly base: string;
}

const sh = async (tree: Tree, command: string): Promise<string> =>
  (await tree.run({ command, timeoutMs: 60_000 })).output;

/** One tree, edited again and again, and saved after each. */
async function editOne({ trees, base }: Bed, saved: Record<string, SavedTree>): Promise<string> {
  const tree = await trees.open('TASK-001', base);
  for (const [name, command] of Object.entries(edits)) {
    await sh(tree, command);
    saved[name] = await tree.save();
  }
  const last = await tree.save();
  for (const [name, command] of Object.entries(refusedEdits)) {
    await sh(tree, command);
    saved[name] = await tree.save();
    await tree.reset(last.tree);
    saved[`after ${name}`] = await tree.save();
  }
  await tree.close();
  return last.tree;
}

/** A task that depends on two others starts with what both have done. */
async function depend(bed: Bed, first: string, saved: Record<string, SavedTree>, printed: Record<string, string>) {
  const { trees, store, base } = bed;
  const other = await trees.open('TASK-002', base);
  await sh(other, laterEdits);
  const second = await other.save();
  await other.close();
  saved['second task'] = second;
  const one = await store.commit(first, [base], 'one');
  const two = await store.commit(second.tree, [base], 'two');
  const { tree: merged, conflicts } = await store.merge(one, two);
  printed['conflicts'] = conflicts.join(' ');
  const head = await store.commit(merged, [one, two], 'both');
  const tree = await trees.open('TASK-003', head);
  printed['status'] = await sh(tree, 'cat opaque/new folder/two');
  saved['merged'] = await tree.save();
  printed['git'] = await sh(tree, 'git status --porcelain; git log -1 --format=%s; git branch --show-current');
  printed['ignored'] = await sh(tree, showIgnored);
  await sh(tree, 'echo third >> folder/two; rm opaque/new only-two; mv becomes-folder/inner .; chmod -x run.sh');
  const third = await tree.save();
  saved['third task'] = third;
  await tree.close();
  return store.commit(third.tree, [head], 'third');
}

/** The same once more, where one of the two lies on others' work already. */
async function dependAgain(
  bed: Bed,
  before: string,
  saved: Record<string, SavedTree>,
  printed: Record<string, string>,
) {
  const { trees, store, base } = bed;
  const other = await trees.open('TASK-007', base);
  await sh(other, lastEdits);
  const last = await store.commit((await other.save()).tree, [base], 'last');
  await other.close();
  const { tree: merged, conflicts } = await store.merge(before, last);
  printed['later conflicts'] = conflicts.join(' ');
  const tree = await trees.open('TASK-008', await store.commit(merged, [before, last], 'all'));
  saved['all merged'] = await tree.save();
  printed['all status'] = await sh(tree, 'git status --porcelain');
  printed['all ignored'] = await sh(tree, showIgnored);
  await tree.reset(base);
  saved['back to the base'] = await tree.save();
  await tree.close();
}

/** Writes into files as they are, without making new ones, and looks what others see of it. */
async function writeInPlace({ trees, base }: Bed, printed: Record<string, string>): Promise<void> {
  const [one, two] = [await trees.open('TASK-004', base), await trees.open('TASK-005', base)];
  const look = 'cat changed.txt folder/one node_modules/dep/index.js';
  printed['before'] = await sh(two, look);
  const write =
    'for f in changed.txt folder/one node_modules/dep/index.js; do printf REACHED 1<>$f; done; cat changed.txt';
  printed['written'] = await sh(one, `(${write}) 2>/dev/null`);
  printed['neighbour'] = await sh(two, look);
  const later = await trees.open('TASK-006', base);
  printed['later'] = await sh(later, look);
  printed['hard links'] = await sh(later, 'find . -type f -links +1 | head -5');
  for (const tree of [one, two, later]) await tree.close();
}

async function workOn(bed: Bed): Promise<TreeReport> {
  const [saved, printed]: [Record<string, SavedTree>, Record<string, string>] = [{}, {}];
  const { trees, base } = bed;
  await trees.setup(base, 'mkdir -p node_modules/dep; echo original >node_modules/dep/index.js', 60_000);
  const first = await editOne(bed, saved);
  const third = await depend(bed, first, saved, printed);
  await dependAgain(bed, third, saved, printed);
  await writeInPlace(bed, printed);
  const facts = await trees.sandbox();
  return { backend: facts.backend, trees: String(facts.trees), saved, printed };
}

async function main(): Promise<void> {
  const options: TreeWorkerOptions = JSON.parse(process.argv[2] ?? '{}');
  const scratch = await makeScratchFolder(options.directory, options.task);
  const directory = join(scratch, 'sandbox');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const source = await openSource(options.checkout);
  const store = createGitStore({
    ...{ directory: join(scratch, 'store'), source, clock: { now: () => 1_795_341_600_000 }, prefix: () => 'ai' },
    remote: { kind: 'local', gitDir: source.gitDir, has: [] },
  });
  const { choice, toolhostPath, maySudo, treeKind, only, task } = options;
  const sandbox = openSandbox({
    ...{ choice, network: 'none', directory, toolhostPath, readOnlyPaths: [], env: process.env, maySudo },
    ...(only === null ? {} : { only }),
    shims: makeShimFolder(directory),
  });
  const trees = createTrees({ store, sandbox, directory: join(scratch, 'trees'), env: process.env, treeKind });
  const bed = { trees, store, base: source.headCommit ?? '' };
  if (task === 'wait') {
    const tree = await trees.open('TASK-001', bed.base);
    await sh(tree, 'echo more >>changed.txt; mkdir closed; chmod 0 closed');
    process.stdout.write(`${JSON.stringify({ scratch })}\n`);
    await sh(tree, 'sleep 600');
  }
  const report = await workOn(bed);
  await trees.close();
  store.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

void main();
