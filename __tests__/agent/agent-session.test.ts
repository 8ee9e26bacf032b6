import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { systemPrompt } from '../../src/agent/system-prompt.ts';
import { toolDefinitionsFor } from '../../src/agent/tools/all.ts';
import { call, say, thinking } from '../../testbed/model/script.ts';
import { finish, read, requests, told, useTalks } from './talk.ts';

const talkTo = useTalks();

describe('a conversation', () => {
  test('starts with the opening, and asks with the one prompt and the one list of tools', async () => {
    const started = await talkTo([say(finish())]);
    expect(requests(started)).toEqual([]);
    await started.session.proceed();
    expect(requests(started)).toMatchObject([
      {
        system: systemPrompt,
        toolNames: toolDefinitionsFor('edit').map(({ name }) => name),
        toolChoice: null,
        effort: 'medium',
        openingText: 'The brief.\nYour task.',
      },
    ]);
    expect(told(started)).toEqual(['The brief.', 'Your task.']);
  });

  test('ends when finish is accepted, and goes on where it was when it is told something', async () => {
    const started = await talkTo([say(read('a.txt')), say(finish()), say(finish({ summary: 'Mended.' }))]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished', claims: { summary: 'All done.' } });
    expect(started.session.turns()).toBe(2);
    expect(await started.session.proceed('There is a conflict.')).toMatchObject({ claims: { summary: 'Mended.' } });
    expect(requests(started)[2]).toMatchObject({ turn: 2, lastText: 'Accepted.\nThere is a conflict.' });
  });

  test('keeps thinking blocks as they came', async () => {
    const started = await talkTo([say(thinking('Let me see.'), 'I look.', read('a.txt')), say(finish())]);
    await started.session.proceed();
    const [, second] = started.bed.server.requests;
    const reply = second?.body.messages.find(({ role }) => role === 'assistant');
    expect(reply?.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use']);
  });

  test('only grows: each request begins with the bytes of the one before', async () => {
    const started = await talkTo([
      say(read('a.txt')),
      say('Hm.'),
      say(call('bash', { command: 'true' })),
      say(finish()),
    ]);
    await started.session.proceed();
    const bodies = started.bed.server.requests.map(({ body }) =>
      body.messages.map(({ role, content }) =>
        JSON.stringify([role, content.map((block) => ({ ...block, cache_control: null }))]),
      ),
    );
    for (const [i, body] of bodies.slice(1).entries()) {
      expect(body.length).toBeGreaterThan(bodies[i]?.length ?? 0);
      expect(body.slice(0, bodies[i]?.length)).toEqual(bodies[i]);
    }
  });
});

describe('what changes between stretches', () => {
  test('more effort holds from then on', async () => {
    const started = await talkTo([say(finish()), say(read('a.txt')), say(finish()), say(finish())]);
    await started.session.proceed();
    await started.session.proceed('Think harder.', { effort: 'high' });
    await started.session.proceed('Once more.');
    expect(requests(started).map(({ effort }) => effort)).toEqual(['medium', 'high', 'high', 'high']);
  });
});

describe('the digest', () => {
  test('holds the last five calls, cut, with their results', async () => {
    const turns = [1, 2, 3, 4, 5].map((n) => say(call('bash', { command: `echo ${'x'.repeat(n * 100)}` })));
    const started = await talkTo([...turns, say(call('finish', {})), say(finish({ status: 'blocked' }))]);
    await started.session.proceed();
    const { turns: count, lastCalls } = started.session.digest();
    expect(count).toBe(7);
    expect(lastCalls.map(({ tool, isError }) => [tool, isError])).toEqual([
      ['bash', false],
      ['bash', false],
      ['bash', false],
      ['finish', true],
      ['finish', false],
    ]);
    expect(lastCalls[2]?.input).toHaveLength(200);
    expect(lastCalls[2]?.result).toHaveLength(300);
    expect(lastCalls[3]?.result).toContain('Invalid arguments for finish');
  });
});

describe('finish', () => {
  test('comes back with what is wrong, twice, and then the work is refused', async () => {
    const judge = () => Promise.resolve('Not done yet.\nThe tests fail.');
    const started = await talkTo([say(finish()), say(finish()), say(finish())], { judge });
    expect(await started.session.proceed()).toMatchObject({
      ended: 'refused-work',
      why: 'Not done yet.\nThe tests fail.',
    });
    expect(requests(started)).toHaveLength(3);
    for (const request of requests(started).slice(1)) {
      expect(request.lastResults).toMatchObject([{ content: 'Not done yet.\nThe tests fail.', isError: true }]);
    }
  });

  test('tells the run what it was answered, refused or accepted, with the time that the judgement took', async () => {
    const verdicts = ['The tests fail.\nSee below.', null];
    const judge = async () => {
      await systemClock.sleep(20);
      return verdicts.shift() ?? null;
    };
    const started = await talkTo([say(finish()), say(finish({ summary: 'Mended.' }))], { judge });
    await started.session.proceed();
    const answers = started.bed.reporter.of('tool.ended');
    expect(answers).toMatchObject([
      { agent: 'TASK-001', turn: 1, tool: 'finish', content: 'The tests fail.\nSee below.', isError: true },
      { turn: 2, input: { summary: 'Mended.' }, content: 'Accepted.', isError: false },
    ]);
    expect(Math.min(...answers.map(({ durationMs }) => durationMs))).toBeGreaterThanOrEqual(19);
  });

  test('may be handed back twice again after each new thing that the agent is told', async () => {
    const verdicts = ['a', 'b', null, 'c', 'd', null];
    const judge = () => Promise.resolve(verdicts.shift() ?? null);
    const started = await talkTo(
      Array.from({ length: 6 }, () => say(finish())),
      { judge },
    );
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(await started.session.proceed('A conflict.')).toMatchObject({ ended: 'finished' });
  });

  test.each(['blocked', 'needs_split'])('%s ends without a judgement', async (status) => {
    const judge = () => Promise.reject(new Error('was judged'));
    const started = await talkTo([say(finish({ status, question: 'Which port?' }))], { judge });
    expect(await started.session.proceed()).toMatchObject({ ended: 'blocked', claims: { question: 'Which port?' } });
  });

  test('with wrong arguments is answered with what is wrong, and may not be repeated for ever', async () => {
    const bad = say(call('finish', { status: 'ready' }));
    const started = await talkTo([bad, bad, bad, bad, bad]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'invalid-call' });
    expect(requests(started)).toHaveLength(3);
    expect(requests(started)[1]?.lastResults).toMatchObject([
      { isError: true, content: expect.stringContaining('`status`: expected "done" or "blocked" or "needs_split"') },
    ]);
  });
});

describe('a limit of the run', () => {
  test('forbids the call before it is sent, and the turn is not counted', async () => {
    const started = await talkTo([say(read('a.txt'))], { limits: { maxApiCalls: 1 } });
    expect(await started.session.proceed()).toMatchObject({ ended: 'limit', limit: { limit: 'limits.max_api_calls' } });
    expect(requests(started)).toHaveLength(1);
    expect(started.session.turns()).toBe(1);
    expect(started.bed.reporter.of('limit.reached')).toHaveLength(1);
  });
});

describe('a stopped run', () => {
  test('ends the conversation before the next call', async () => {
    const stop = new AbortController();
    const started = await talkTo([say(read('a.txt'))], { signal: stop.signal });
    stop.abort();
    expect(await started.session.proceed()).toEqual({ ended: 'cancelled' });
    expect(requests(started)).toEqual([]);
  });

  test('cuts a call to the model that is under way', async () => {
    const stop = new AbortController();
    const started = await talkTo([() => (stop.abort(), { kind: 'silence' })], { signal: stop.signal });
    expect(await started.session.proceed()).toEqual({ ended: 'cancelled' });
    expect(started.bed.ledger.reservedNanoUsd()).toBe(0);
  });

  test('cuts a command that is under way', async () => {
    const stop = new AbortController();
    const started = await talkTo([say(call('bash', { command: 'echo up; sleep 60' }))], { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    const startedAt = performance.now();
    expect(await started.session.proceed()).toEqual({ ended: 'cancelled' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
