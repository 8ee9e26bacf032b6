import { describe, expect, test } from '@jest/globals';
import type { Message, OpaqueBlock, ToolUseBlock } from '../../src/messages.ts';
import { noUsage } from '../../src/money/usage.ts';
import type { ModelRequest } from '../../src/ports.ts';
import { call, fail, say, thinking, type Turn } from '../../testbed/model/script.ts';
import { bench, failed, request, user, whole } from './anthropic-bench.ts';
import { manualClock, settled } from './manual-clock.ts';

/** A place where everybody waits until `count` are there; who comes later goes on at once. */
function gathering(count: number) {
  let [there, most] = [0, 0];
  let open = (): void => undefined;
  const meeting = new Promise<void>((resolve) => (open = resolve));
  return {
    meeting,
    most: () => most,
    async meet(): Promise<void> {
      there += 1;
      most = Math.max(most, there);
      if (there >= count) open();
      await meeting;
      // Whoever is on the way although nobody more should be comes in meanwhile, and is counted.
      for (let i = 0; i < 20; i++) await settled();
      there -= 1;
    },
  };
}

describe('a server that asks to wait long', () => {
  const asksFor = (seconds: number) => fail(429, { headers: { 'retry-after': String(seconds) } });

  /** A model whose clock moves by each delay, and the delays. */
  async function patientBench(turns: readonly Turn[], hasFallback: boolean) {
    const clock = manualClock();
    const delays: number[] = [];
    const onRetry = (_attempt: number, _reason: string, delayMs: number): void => {
      delays.push(delayMs);
      setImmediate(() => void clock.advance(delayMs));
    };
    const { model } = await bench(turns, { clock, onRetry, hasFallback: () => hasFallback });
    return { model, delays };
  }

  test.each([
    [300, false],
    [120, true],
  ])('is waited for: %p seconds, when it is %p that another model can go on', async (seconds, hasFallback) => {
    const { model, delays } = await patientBench([asksFor(seconds), say('ok')], hasFallback);
    expect(whole(await model.send(request)).content).toEqual([{ type: 'text', text: 'ok' }]);
    expect(delays).toEqual([seconds * 1_000]);
  });

  test.each([
    ['two minutes where another model can go on', 121, true],
    ['the call has', 901, false],
  ])('is not waited for longer than %s', async (_what, seconds, hasFallback) => {
    const { model, delays } = await patientBench([asksFor(seconds), say('ok')], hasFallback);
    const reply = failed(await model.send(request));
    expect(reply).toMatchObject({ reason: 'overloaded', usage: noUsage });
    expect(reply.message).toContain(`it asks to wait ${seconds} seconds`);
    expect(delays).toEqual([]);
  });
});

describe('an overloaded service', () => {
  test('meets half of eight agents after four refusals in a row, and all of them end with a reply', async () => {
    const clock = manualClock();
    // Nobody is answered before all who may come are there, and nobody comes again before the clock moves.
    const [first, second] = [gathering(8), gathering(4)];
    let asked = 0;
    const turn: Turn = async () => {
      asked += 1;
      if (asked > 8) return second.meet().then(() => say('ok'));
      await first.meet();
      return fail(529);
    };
    const waiting = gathering(8);
    const onRetry = (): void => void waiting.meet();
    const { model } = await bench(Array<Turn>(20).fill(turn), { clock, chance: () => 0.5, onRetry });
    const sent = Array.from({ length: 8 }, (_, i) =>
      model.send({ ...request, messages: [user('Issue.'), user(`TASK-${i}`)] }),
    );
    await waiting.meeting;
    await clock.advance(1_000);
    expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(Array(8).fill('reply'));
    expect([first.most(), second.most()]).toEqual([8, 4]);
  });
});

describe('a prompt that is too long', () => {
  test.each([
    fail(400, { message: 'prompt is too long: 1000001 tokens > 1000000 maximum' }),
    fail(413, { message: 'Request exceeds the maximum size' }),
  ])('is a reply that stopped for it, and costs nothing (%p)', async (turn) => {
    const { model, retries } = await bench([turn, say('never asked for')]);
    expect(whole(await model.send(request))).toMatchObject({
      content: [],
      stopReason: 'context_exceeded',
      usage: noUsage,
    });
    expect(retries).toEqual([]);
  });

  test('is told by the service itself, too', async () => {
    const { model } = await bench([say('x')]);
    const messages = [user('word '.repeat(200_000))];
    const reply = whole(await model.send({ ...request, model: 'claude-haiku-4-5', messages }));
    expect(reply.stopReason).toBe('context_exceeded');
  });
});

describe('thinking that no longer fits', () => {
  /** A second request whose beginning is not the one that the first reply was made for. */
  async function changedHistory() {
    const bed = await bench([say(thinking('First I read.'), call('read', {})), say('Done.')]);
    const first = whole(await bed.model.send(request));
    const [asked] = first.content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
    const messages: Message[] = [
      user('Another issue.'),
      ...request.messages.slice(1),
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: asked?.id ?? '', content: 'x', isError: false }] },
    ];
    const changed: ModelRequest = { ...request, messages };
    return { ...bed, changed };
  }

  test('is left out once the service refuses it, with a word in the log', async () => {
    const { model, server: bed, retries, changed } = await changedHistory();
    // It is another conversation for the script, which therefore begins anew.
    whole(await model.send(changed));
    expect(bed.refusals).toHaveLength(1);
    expect(retries).toEqual([{ attempt: 1, reason: expect.stringContaining('bug of ours'), delayMs: 0 }]);
  });

  test('is asked to be left out in every later request of the conversation, and in no other', async () => {
    const { model, server: bed, changed } = await changedHistory();
    const second = whole(await model.send(changed));
    const [asked] = second.content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
    const result = { type: 'tool_result', toolUseId: asked?.id ?? '', content: 'x', isError: false } as const;
    const messages: Message[] = [
      ...changed.messages,
      { role: 'assistant', content: second.content },
      { role: 'user', content: [result] },
    ];
    await model.send({ ...changed, messages });
    await model.send({ ...request, messages: [user('Fresh.')] });
    expect(bed.refusals).toHaveLength(1);
    expect(bed.requests.map(({ body }) => body.thinking?.block_binding?.prefix_mismatch_behavior)).toEqual([
      undefined,
      'drop_block',
      'drop_block',
      undefined,
    ]);
  });

  test('goes back as it came while the history is as it was, empty or not', async () => {
    const { model, server: bed } = await bench([say(thinking(''), call('read', {})), say('Done.')]);
    const first = whole(await model.send(request));
    const [opaque] = first.content.filter((block): block is OpaqueBlock => block.type === 'opaque');
    expect(opaque?.raw).toMatchObject({ type: 'thinking', thinking: '', signature: expect.stringMatching(/./) });
    const [asked] = first.content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
    const result = { type: 'tool_result', toolUseId: asked?.id ?? '', content: 'x', isError: false } as const;
    await model.send({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [result] },
      ],
    });
    expect(bed.refusals).toEqual([]);
  });
});

describe('a reply that only repeats itself', () => {
  const circle = say('Again and again and again. '.repeat(200));
  const isRunaway = (text: string): boolean => text.split('Again').length > 20;

  test('is cut and tried once more', async () => {
    const { model, retries } = await bench([circle, say('ok')], { isRunaway });
    const reply = whole(await model.send(request));
    expect(reply.content).toEqual([{ type: 'text', text: 'ok' }]);
    // Nobody knows what was written by then, so all that was allowed counts.
    expect(reply.usage).toMatchObject({ requests: 2 });
    expect(reply.usage.outputTokens).toBeGreaterThanOrEqual(1_000);
    expect(retries).toMatchObject([{ reason: 'the reply repeated itself without end' }]);
  });

  test('fails when it does so twice', async () => {
    const { model, server: bed } = await bench([circle, circle, say('never asked for')], { isRunaway });
    expect(failed(await model.send(request))).toMatchObject({
      reason: 'overloaded',
      message: 'the reply repeated itself without end (after 2 tries)',
    });
    expect(bed.requests).toHaveLength(2);
  });

  test('is judged by its words, not by what it writes into a call', async () => {
    const { model } = await bench([say(call('write', { content: 'Again '.repeat(2_000) }))], { isRunaway });
    expect(whole(await model.send(request)).stopReason).toBe('tool_use');
  });
});

describe('an odd reply', () => {
  test('without any content comes as it is', async () => {
    const { model } = await bench([say()]);
    expect(whole(await model.send(request))).toMatchObject({ content: [], stopReason: 'end_turn' });
  });

  test('that refuses is told apart, not tried again', async () => {
    const { model, server: bed } = await bench([{ ...say('I cannot.'), stopReason: 'refusal' }, say('x')]);
    expect(whole(await model.send(request)).stopReason).toBe('refusal');
    expect(bed.requests).toHaveLength(1);
  });
});
