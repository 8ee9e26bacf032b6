import { describe, expect, test } from '@jest/globals';
import { compactionThreshold } from '../../src/agent/compact.ts';
import { fail, say } from '../../testbed/model/script.ts';
import { roleOf } from '../support/spine.ts';
import { bash, edit, finish, long, outOfContext, read, requests, told, useTalks } from './talk.ts';

const talkTo = useTalks();

test.each([
  [1_000_000, null, 120_000],
  [200_000, null, 120_000],
  [128_000, null, 76_800],
  [1_000_000, 100_000, 90_000],
  [1_000_000, 200_000, 120_000],
])('a window of %i tokens, dearer above %s, is compacted at %i', (window, dearer, at) => {
  expect(compactionThreshold(window, dearer)).toBe(at);
});

/** System, tools and opening are about 2,000 tokens; a reply of 4,000 more passes 60 % of this window. */
const small = { input: { contextWindowTokens: 8_000 } };
const SUMMARY = '## Goal\nCount the words.\n## Next steps\nEdit b.txt.';

test.each([
  ['claude-haiku-5-5', 2],
  ['claude-sonnet-5-5', 1],
])('%s: 95,000 tokens are too many where more than 100,000 cost more each', async (model, conversations) => {
  const turns = [long(say(read('a.txt')), 92_000), ...(conversations > 1 ? [say(SUMMARY)] : []), say(finish())];
  const started = await talkTo(turns, { input: { role: roleOf('backend-dev', { model, maxTokens: 100_000 }) } });
  expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  expect(new Set(requests(started).map(({ conversation }) => conversation)).size).toBe(conversations);
});

describe('a conversation that grew too long', () => {
  test('is summarised at its own end, so that it reads its cache, and begins anew from the summary and git', async () => {
    const describeWork = () => Promise.resolve('a.txt | modified +1 -1');
    const turns = [long(say(edit('a.txt', 'alpha', 'one')), 4_000), say(SUMMARY), say(read('b.txt')), say(finish())];
    const started = await talkTo(turns, { ...small, describeWork });
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    const [first, asked, anew, last] = started.bed.server.requests;
    expect(asked?.body.system).toEqual(first?.body.system);
    expect(asked?.body.tools).toEqual(first?.body.tools);
    expect(asked?.body.tool_choice).toEqual(first?.body.tool_choice);
    expect(asked?.request.lastResults).toMatchObject([{ isError: false }]);
    expect(asked?.request.lastText).toContain('Write the summary now');
    expect(anew?.request.turn).toBe(0);
    expect(anew?.request.openingText).toMatch(/^The brief\.\nYour task\.\n# Where you are/);
    expect(anew?.request.openingText).toContain(SUMMARY);
    expect(anew?.request.openingText).toContain('a.txt | modified +1 -1');
    expect(last?.request).toMatchObject({ turn: 1 });
    expect(started.session.turns()).toBe(4);
    expect(told(started).slice(2)).toEqual([
      expect.stringContaining('Write the summary now'),
      expect.stringContaining(SUMMARY),
    ]);
  });

  test('keeps what it was told since its last reply', async () => {
    const same = (tokens: number) => long(say(bash('echo same')), tokens);
    const started = await talkTo([same(10), same(10), same(4_000), say(SUMMARY), say(finish())], small);
    await started.session.proceed();
    expect(requests(started)[4]?.openingText).toMatch(/You made the same call three times/);
  });

  test('runs no call of the reply that should be a summary', async () => {
    const turns = [
      long(say(read('a.txt')), 4_000),
      say(edit('a.txt', 'alpha', 'one')),
      say(read('a.txt')),
      say(finish()),
    ];
    const started = await talkTo(turns, small);
    await started.session.proceed();
    expect(requests(started)[2]?.openingText).toContain('No summary could be made. Your last calls were:\n- read');
    expect(requests(started)[3]?.lastResults[0]?.content).toContain('alpha');
  });

  test('is compacted twice, and ends when it is full a third time', async () => {
    const full = (path: string) => [long(say(read(path)), 4_000), say(SUMMARY)];
    const started = await talkTo([...full('a.txt'), ...full('b.txt'), long(say(read('src/count.ts')), 4_000)], small);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'context' });
    expect(requests(started)).toHaveLength(5);
  });

  test('can go on where it was when the summary could not be asked for', async () => {
    const turns = [long(say(read('a.txt')), 4_000), fail(401), say(SUMMARY), say(finish())];
    const started = await talkTo(turns, small);
    expect(await started.session.proceed()).toMatchObject({ ended: 'model-failed', reply: { reason: 'auth' } });
    expect(await started.session.proceed('Go on.')).toMatchObject({ ended: 'finished' });
    expect(requests(started).at(-1)?.openingText).toContain('Go on.');
  });

  test('is paid for like any other call', async () => {
    const started = await talkTo([long(say(read('a.txt')), 4_000)], { ...small, limits: { maxApiCalls: 1 } });
    expect(await started.session.proceed()).toMatchObject({ ended: 'limit' });
  });
});

describe('a conversation that does not fit the window', () => {
  test('begins anew without a summary, and the broken-off reply is not kept', async () => {
    const turns = [say(read('a.txt')), say(read('b.txt')), outOfContext(), say(finish())];
    const started = await talkTo(turns);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(requests(started)[3]).toMatchObject({ turn: 0 });
    expect(requests(started)[3]?.openingText).toContain('No summary could be made');
  });

  test('keeps the last summary it has', async () => {
    const turns = [long(say(read('a.txt')), 4_000), say(SUMMARY), say(read('b.txt')), outOfContext(), say(finish())];
    const started = await talkTo(turns, small);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(requests(started)[4]?.openingText).toContain(SUMMARY);
  });

  test('ends when it does not fit afresh either, or never did', async () => {
    const started = await talkTo([say(read('a.txt')), outOfContext(), outOfContext()]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'context' });
    expect(requests(started)).toHaveLength(3);
  });

  test('ends at once where already its opening is too long', async () => {
    const started = await talkTo([outOfContext()]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'context' });
  });

  test('is told so by the service as an error, too', async () => {
    const tooLong = fail(400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' });
    const started = await talkTo([say(read('a.txt')), tooLong, say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(requests(started)[2]?.openingText).toContain('begins anew here');
  });
});
