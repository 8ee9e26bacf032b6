import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openJournal, type JournalFile } from '../../src/adapters/journal-file.ts';
import type { ToolCallOptions, Tree, Trees } from '../../src/ports.ts';
import { readEarlierRun } from '../../src/record/earlier-run.ts';
import { recordTrees } from '../../src/record/record-trees.ts';

const options: ToolCallOptions = { owns: [], foreign: [] };
const asIs = (text: string): string => text;

let directory: string;
let journal: JournalFile;
let done: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'record-'));
  done = [];
});
afterEach(() => {
  journal.close();
  rmSync(directory, { recursive: true });
});

/** Files as a list of what was done to them; a git tree is named by that list. */
function tree(commit: string): Tree {
  let files = commit;
  return {
    call: (tool, input) => {
      done.push(`${tool} on ${files}`);
      if (tool !== 'read') files += `+${String(input)}`;
      return Promise.resolve({ content: `${tool}: ${files}`, isError: false });
    },
    run: () => Promise.reject(new Error('no command here')),
    save: () => Promise.resolve({ tree: files, refused: [] }),
    reset: (treeish) => {
      files = treeish;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
const trees: Trees = {
  sandbox: () => Promise.resolve({ backend: 'none', network: 'none', trees: 'copies', lacks: [] }),
  quiesce: () => Promise.resolve(),
  open: (name, commit) => {
    done.push(`open ${name}`);
    return Promise.resolve(tree(commit));
  },
  reuse: () => Promise.resolve(false),
  setup: () => Promise.resolve(null),
  close: () => Promise.resolve(),
};

/** A process of the run: the journal is opened and the agent's tree with it. */
async function start() {
  journal = openJournal({ path: join(directory, 'journal.jsonl'), runId: 'r', clock: { now: () => 0 }, redact: asIs });
  const recording = { earlier: readEarlierRun(journal.earlier), reporter: journal };
  const recorded = recordTrees(trees, recording, asIs);
  const opened = await recorded.trees.open('TASK-001', 'base');
  let turn = 0;
  return {
    keep: () => recorded.keepWork('TASK-001'),
    tree: opened,
    /** A call as the agent loop makes it: its answer is told. */
    async call(tool: string, input: string): Promise<string> {
      const { content, isError, call } = await opened.call(tool, input, options);
      const told = { agent: 'TASK-001', turn: ++turn, toolUseId: `t${String(turn)}`, tool, input, content, isError };
      journal.emit({ type: 'tool.ended', ...told, ...(call === undefined ? {} : { call }), durationMs: 0 });
      return content;
    },
  };
}

function kill(): void {
  journal.close();
  done = [];
}

test('calls whose work was saved are answered from the journal, and nothing is opened for them', async () => {
  const first = await start();
  const said = [await first.call('bash', 'a'), await first.call('read', 'x')];
  await first.keep();
  kill();
  const next = await start();
  expect([await next.call('bash', 'a'), await next.call('read', 'x')]).toEqual(said);
  expect(done).toEqual([]);
});

test('the first new call finds the files as they were saved last', async () => {
  const first = await start();
  await first.call('write', 'a');
  await first.keep();
  kill();
  const next = await start();
  await next.call('write', 'a');
  expect(await next.call('write', 'b')).toBe('write: base+a+b');
  expect(done).toEqual(['open TASK-001', 'write on base+a']);
});

test('a command that may have run is not run again, and the files are as before it', async () => {
  const first = await start();
  await first.call('write', 'a');
  await first.keep();
  await first.call('bash', 'b');
  kill();
  const next = await start();
  await next.call('write', 'a');
  expect(await next.call('bash', 'b')).toMatch(/^Interrupted/);
  expect(await next.call('read', 'x')).toBe('read: base+a');
});

test('a command that has run is not run again with the edit before it that was not saved either', async () => {
  const first = await start();
  await first.call('write', 'a');
  await first.call('bash', 'b');
  kill();
  const next = await start();
  expect(await next.call('write', 'a')).toBe('write: base+a');
  expect(await next.call('bash', 'b')).toMatch(/^Interrupted/);
  expect(done).toEqual(['open TASK-001', 'write on base']);
  expect(await next.call('bash', 'c')).toBe('bash: base+a+c');
});

test('an edit that was not saved is made again on the files as they were before it', async () => {
  const first = await start();
  await first.call('write', 'a');
  kill();
  const next = await start();
  expect(await next.call('write', 'a')).toBe('write: base+a');
  expect(done).toEqual(['open TASK-001', 'write on base']);
});

test('what was saved before a reset is not what the files are after it', async () => {
  const first = await start();
  await first.call('write', 'a');
  await first.tree.save();
  await first.tree.reset('merged');
  kill();
  const next = await start();
  await next.call('write', 'a');
  expect((await next.tree.save()).tree).toBe('base+a');
  await next.tree.reset('merged');
  expect(await next.call('write', 'b')).toBe('write: merged+b');
});

test('a call that is not the recorded one is made', async () => {
  const first = await start();
  await first.call('write', 'a');
  await first.keep();
  kill();
  const next = await start();
  expect(await next.call('write', 'other')).toBe('write: base+other');
});
