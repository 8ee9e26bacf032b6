import { describe, expect, test } from '@jest/globals';
import { createPrefixGate, type GatePass } from '../../src/adapters/prefix-gate.ts';
import { prefixKey } from '../../src/adapters/prefix-key.ts';
import { request, user } from './anthropic-bench.ts';
import { manualClock, settled } from './manual-clock.ts';

const never = new AbortController().signal;

function gateOnClock() {
  const clock = manualClock();
  const gate = createPrefixGate(clock);
  const passes: GatePass[] = [];
  const come = (key: string | null = 'p', signal = never): void =>
    void gate.enter(key, signal).then((pass) => passes.push(pass));
  return { clock, passes, come };
}

describe('the gate', () => {
  test('lets the first go alone until its reply begins, and then all', async () => {
    const { passes, come } = gateOnClock();
    for (let i = 0; i < 8; i++) come();
    await settled();
    expect(passes).toHaveLength(1);
    passes[0]?.begun();
    await settled();
    expect(passes).toHaveLength(8);
  });

  test('holds nobody back behind another prefix, or for one that is not cached', async () => {
    const { passes, come } = gateOnClock();
    come('p');
    come('q');
    come(null);
    come(null);
    await settled();
    expect(passes).toHaveLength(4);
  });

  test('sends the next one first when the first fails, one after the other', async () => {
    const { passes, come } = gateOnClock();
    for (let i = 0; i < 4; i++) come();
    await settled();
    passes[0]?.end();
    await settled();
    expect(passes).toHaveLength(2);
    passes[1]?.end();
    await settled();
    expect(passes).toHaveLength(3);
    passes[2]?.begun();
    await settled();
    expect(passes).toHaveLength(4);
  });

  test('lets everybody through while the prefix is warm, which every reply renews', async () => {
    const { clock, passes, come } = gateOnClock();
    come();
    await settled();
    passes[0]?.begun();
    await clock.advance(4 * 60_000);
    come();
    await settled();
    passes[1]?.begun();
    await clock.advance(4 * 60_000);
    come();
    come();
    await settled();
    expect(passes).toHaveLength(4);
  });

  test('is closed again after five minutes without a request', async () => {
    const { clock, passes, come } = gateOnClock();
    come();
    await settled();
    passes[0]?.begun();
    await clock.advance(5 * 60_000);
    come();
    come();
    await settled();
    expect(passes).toHaveLength(2);
  });

  test('keeps nobody longer than a minute', async () => {
    const { clock, passes, come } = gateOnClock();
    come();
    come();
    await settled();
    await clock.advance(59_999);
    expect(passes).toHaveLength(1);
    await clock.advance(1);
    expect(passes).toHaveLength(2);
  });

  test('lets go who is told to stop', async () => {
    const { passes, come } = gateOnClock();
    const stop = new AbortController();
    come();
    come('p', stop.signal);
    await settled();
    stop.abort();
    await settled();
    expect(passes).toHaveLength(2);
  });
});

describe('the key of a prefix', () => {
  const big = { ...request, messages: [user('word '.repeat(1_000)), user('Do TASK-001.')] };

  test('is the same for agents that differ only after it', () => {
    expect(prefixKey(big)).not.toBeNull();
    expect(prefixKey({ ...big, messages: [user('word '.repeat(1_000)), user('Do TASK-002.')] })).toBe(prefixKey(big));
  });

  test.each([
    ['model', { model: 'claude-opus-5-5' }],
    ['system prompt', { system: 'You review.' }],
    ['tools', { tools: [] }],
    ['tool choice', { toolChoice: 'none' as const }],
    ['effort', { effort: 'high' as const }],
    ['output format', { outputSchema: { type: 'object' } }],
    ['shared message', { messages: [user('other '.repeat(1_000)), user('Do TASK-001.')] }],
  ])('differs with the %s', (_what, more) => {
    expect(prefixKey({ ...big, ...more })).not.toBe(prefixKey(big));
  });

  test('is none for a prefix that is too short to be cached', () => {
    expect(prefixKey(request)).toBeNull();
  });
});
