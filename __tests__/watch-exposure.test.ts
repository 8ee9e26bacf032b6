import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../src/events.ts';
import { noUsage } from '../src/money/usage.ts';
import type { GitHub, Model } from '../src/ports.ts';
import { offlineGitHub } from '../src/record/offline-ports.ts';
import { createSecretFinder } from '../src/secrets/secret-finder.ts';
import { watchExposure } from '../src/watch-exposure.ts';
import { makeBed, type Bed } from './adapters/git-bed.ts';

const KEY = 'sk-ant-api03-TESTkeyA1b2C3d4E5f6G7h8I9j0K1l2M3n4';
const finder = createSecretFinder({ secrets: [KEY] });
const utf16 = Buffer.from(`﻿key = ${KEY}\n`, 'utf16le');

function watched(wasExposed = false) {
  const told: RunEvent[] = [];
  let ended = 0;
  const reporter = { emit: (event: RunEvent) => void told.push(event) };
  const watch = watchExposure({ finder, reporter, onExposed: () => void (ended += 1) }, wasExposed);
  return { watch, told, ended: () => ended };
}

const call = { agent: 'TASK-002', turn: 1, toolUseId: 't', tool: 'bash', isError: false, durationMs: 1 } as const;
const tool = (input: unknown, content: string): RunEvent => ({ type: 'tool.ended', ...call, input, content });
const exposed = (place: string, agent: string | null, path: string | null = null) => ({
  ...{ type: 'credential.exposed', place, agent, path },
});

test.each([
  ['tool result', tool({ command: 'x' }, `a ${KEY}`)],
  ['tool input', tool({ command: ['echo', { deep: KEY }] }, 'a')],
  ['tool input', tool({ one: KEY.slice(0, 24), two: KEY.slice(24) }, 'a')],
])('a credential in a %s ends the run once, and the event says where', (place, event) => {
  const { watch, told, ended } = watched();
  watch.reporter.emit(event);
  watch.reporter.emit(event);
  expect(told.filter(({ type }) => type === 'credential.exposed')).toEqual([exposed(place, 'TASK-002')]);
  expect([watch.isExposed(), ended()]).toEqual([true, 1]);
});

test.each<RunEvent>([
  { type: 'warning', message: `the server said ${KEY}` },
  { type: 'model.failed', agent: 'TASK-001', reason: 'auth', message: KEY, usage: noUsage },
  { type: 'agent.told', agent: 'TASK-001', turn: 0, text: KEY },
  tool({ command: 'grep ghp_ .' }, `ghp_${'a1B2c3D4'.repeat(5)}`),
])('what no agent has made, and what is not ours, ends nothing: $type', (event) => {
  const { watch, ended } = watched();
  watch.reporter.emit(event);
  expect([watch.isExposed(), ended()]).toEqual([false, 0]);
});

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed({ 'a.txt': 'a\n', 'old.txt': `${KEY}\n` });
});
afterAll(() => bed.close());

describe('commits', () => {
  const write = (path: string, content: string) => bed.store.writeFiles(bed.base, [{ path, content }]);

  test.each([
    ['in a new file', 'b.txt', `x = "${KEY}"\n`],
    ['in a binary file', 'b.bin', `\0\0${KEY}\0`],
    ['in a file of two bytes a character', 'b.txt', utf16.toString()],
    ['in a name', `${KEY}.txt`, 'a\n'],
    ['in base64', 'b.txt', Buffer.from(`key=${KEY}`).toString('base64')],
  ])('with a credential are not made: %s', async (_, path, content) => {
    const { watch, told } = watched();
    const commit = watch.git(bed.store, (text) => text).commit(await write(path, content), [bed.base], 'Add b');
    await expect(commit).rejects.toMatchObject({ code: 'credential-exposed' });
    expect(told).toEqual([exposed('changed file', null, path)]);
  });

  test('with one in their message are not made', async () => {
    const { watch, told } = watched();
    const commit = watch.git(bed.store, (text) => text).commit(await write('b', 'b'), [bed.base], `Add ${KEY}`);
    await expect(commit).rejects.toMatchObject({ code: 'credential-exposed' });
    expect(told).toEqual([exposed('commit message', null)]);
  });

  test('are made where the credential was there before, and their messages are cleaned', async () => {
    const { watch } = watched();
    const tree = await write('old.txt', `${KEY}\nmore\n`);
    const commit = await watch.git(bed.store, () => 'clean').commit(tree, [bed.base], 'Add more');
    expect((await bed.store.readObject(commit)).bytes.toString()).toMatch(/\n\nclean$/);
    expect(watch.isExposed()).toBe(false);
  });
});

test('once exposed, nothing is pushed, written to GitHub or asked of a model', async () => {
  const done: string[] = [];
  const act = (name: string) => () => {
    done.push(name);
    return Promise.reject(new Error(name));
  };
  const github: GitHub = {
    ...offlineGitHub,
    openPullRequest: act('open'),
    updatePullRequest: act('update'),
    createComment: act('comment'),
    updateComment: act('edit'),
    permission: act('permission'),
  };
  const model: Model = { send: act('send') };
  const pull = { title: '', body: '', head: '', base: '', draft: false };
  const { watch } = watched();
  const [guarded, asked] = [watch.github(github), watch.model(model)];
  const pushing = watch.git({ ...bed.store, push: act('push') }, (text) => text);
  const request = { model: 'm', maxTokens: 1, system: '', tools: [], toolChoice: 'auto', outputSchema: null } as const;
  const all = () => [
    guarded.openPullRequest(pull),
    guarded.updatePullRequest(1, pull),
    guarded.createComment(1, ''),
    guarded.updateComment(1, ''),
    pushing.push(),
    guarded.permission('ada'),
    asked.send({ ...request, messages: [], sharedPrefixMessages: 0, effort: 'low' }),
  ];
  await Promise.allSettled(all());
  expect(done.splice(0)).toEqual(['open', 'update', 'comment', 'edit', 'push', 'permission', 'send']);
  watch.look(KEY);
  const after = await Promise.allSettled(all());
  expect(done).toEqual(['permission']);
  expect(after.slice(0, 5).map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
    Array(5).fill('credential-exposed'),
  );
  expect(after.at(-1)).toMatchObject({ status: 'fulfilled', value: { kind: 'failed', reason: 'aborted' } });
});

test('a run that goes on after one was found is ended at once: its journal shows the credential no more', () => {
  const { watch, ended } = watched(true);
  expect([watch.isExposed(), ended()]).toEqual([true, 1]);
});
