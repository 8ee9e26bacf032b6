// The gate before the remote: what it judges once, what it waits for, and what ends the run.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createDiffGate, type DiffGate } from '../src/diff-gate.ts';
import { createSink } from '../src/publish/sink.ts';
import type { DiffJudgement } from '../src/types.ts';
import { recordedReporter, type Recorded } from './support/spine.ts';
import { makeDiffBed, policyOf, told, type DiffBed } from './policy/diff-bed.ts';

const key = `sk-ant-api03-${'q7Zx-4'.repeat(6)}`;
let bed: DiffBed;
let asked: string[];
let gate: DiffGate;
let reporter: Recorded;
beforeEach(async () => {
  bed = await makeDiffBed({ 'a.txt': 'a\n' });
  asked = [];
  const remember = async <Value>(call: string, compute: () => Promise<Value>): Promise<Value> => {
    asked.push(call);
    return compute();
  };
  const findSecrets = createSink({ secrets: [key] }).secrets.find;
  reporter = recordedReporter();
  gate = createDiffGate(bed.base, policyOf(), { git: bed.store, findSecrets, reporter, remember });
});
afterEach(() => bed.close());

const changing = (path: string, content = 'x\n'): Promise<string> => bed.commit({ write: { [path]: content } });

test('a commit is judged against the base, once', async () => {
  const head = await changing('.npmrc');
  const judgements: readonly DiffJudgement[] = await Promise.all([gate.judge(head), gate.judge(head)]);
  expect(judgements.map(({ blocks }) => told(blocks))).toEqual([['protected-path .npmrc'], ['protected-path .npmrc']]);
  expect(asked).toEqual([`diff ${bed.base}..${head}`]);
});

test('what no commit holds yet is judged against what it starts from', async () => {
  const [first, second] = [
    await changing('.npmrc'),
    await bed.commit({ write: { '.npmrc': 'x\n' } }, { write: { 'b.txt': 'b\n' } }),
  ];
  const tree = await bed.store.treeOf(second);
  expect(told(await gate.findBlocks(bed.base, tree))).toEqual(['protected-path .npmrc']);
  expect(await gate.findBlocks(first, tree)).toEqual([]);
});

test('what depends on sound commits is done in order, and not for others', async () => {
  const [good, bad, better] = [await changing('b.txt'), await changing('.npmrc'), await changing('c.txt')];
  const done: string[] = [];
  gate.whenSound([good], () => done.push('good'));
  gate.whenSound([good, bad], () => done.push('bad'));
  gate.whenSound(['not an id'], () => done.push('unknown'));
  gate.whenSound([better], () => done.push('better'));
  await gate.settle();
  expect(done).toEqual(['good', 'better']);
});

test('a credential of the run in a change ends it; the place is told and the value is not', async () => {
  const head = await changing('b.txt', `one\n${key}\n`);
  await expect(gate.judge(head)).rejects.toMatchObject({ code: 'credential-exposed' });
  await expect(gate.findBlocks(bed.base, head)).rejects.toMatchObject({ code: 'credential-exposed' });
  expect(reporter.events[0]).toEqual({
    type: 'warning',
    message: 'A credential of this run stands in a change: b.txt:2.',
  });
});
