import { describe, expect, test } from '@jest/globals';
import { call, say } from '../../testbed/model/script.ts';
import { sh } from '../support/tree-bed.ts';
import { bash, finish, read, requests, told, useTalks, write } from './talk.ts';

const talkTo = useTalks();

describe('an agent that gets nowhere', () => {
  test('is nudged for two replies without a call and stopped at the third', async () => {
    const started = await talkTo([say('I think.'), say('I think more.'), say('I am.')]);
    expect(await started.session.proceed()).toEqual({
      ended: 'stuck',
      rule: 'silent-reply',
      why: '3 replies in a row used no tool',
    });
    expect(requests(started)[1]?.lastText).toMatch(/^That reply called no tool/);
    expect(told(started)).toHaveLength(4);
  });

  test('starts to count anew after a call, and an empty reply is no end', async () => {
    const started = await talkTo([say('One.'), say(), say(read('a.txt')), say('One.'), say('Two.'), say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  });

  test('is nudged at the third equal call with an equal result and stopped at the fifth', async () => {
    const same = say(bash('sleep 0.0$((RANDOM % 9)); echo same'));
    const started = await talkTo([same, same, same, same, same]);
    expect(await started.session.proceed()).toEqual({
      ended: 'stuck',
      rule: 'same-call',
      why: 'the same call gave the same result 5 times',
    });
    expect(requests(started).map(({ lastText }) => lastText.includes('the same call three times'))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test('is stopped at the fourth equal failure, though it edits between', async () => {
    const turns = [1, 2, 3, 4].map((n) => say(write('n.txt', `${n}`), bash('echo FAIL cart; exit 1')));
    const started = await talkTo(turns);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'same-failure' });
    expect(requests(started)[3]?.lastText).toContain('failed three times in the very same way');
    expect(await sh(started.tree, 'cat n.txt')).toBe('4');
  });

  test('is not stuck when a command that says the same changes the files each time', async () => {
    const step = say(bash('echo x >> steps.txt; echo done'));
    const started = await talkTo([step, step, step, step, step, say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  });

  test('may wait for a command that it started in the background', async () => {
    const wait = say(bash('sleep 0.01'));
    const started = await talkTo([
      say(call('bash', { command: 'sleep 60', background: true })),
      ...[wait, wait, wait, wait, wait, wait],
      say(finish()),
    ]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(told(started)).toHaveLength(2);
  });

  test('is judged anew once it was told to go on', async () => {
    const same = say(bash('echo same'));
    const started = await talkTo([same, same, same, same, same, same, same, same, say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'same-call' });
    expect(await started.session.proceed('Look at a.txt.')).toMatchObject({ ended: 'finished' });
    expect(requests(started)[5]).toMatchObject({ lastText: expect.stringContaining('Look at a.txt.') });
  });

  test('ends at the third reply with nothing but calls that cannot be run, the work kept', async () => {
    const started = await talkTo([
      say(write('kept.txt', 'x')),
      say(call('teleport', { to: 'prod' })),
      say(call('read', {}), call('edit', {})),
      say(call('finish', { status: 'ready' })),
    ]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'invalid-call' });
    expect(await sh(started.tree, 'cat kept.txt')).toBe('x');
  });

  test('is nudged once also when it repeats twice in each reply', async () => {
    const same = say(read('a.txt'), read('a.txt'));
    const started = await talkTo([same, same, say(read('b.txt')), say(finish())]);
    await started.session.proceed();
    expect(told(started).filter((text) => text.includes('the same call three times'))).toHaveLength(1);
  });

  test('is not stuck when the same command fails differently', async () => {
    const count = say(call('bash', { command: 'echo x >> log; wc -l < log; exit 1' }));
    const started = await talkTo([count, count, count, count, count, say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(told(started)).toHaveLength(2);
  });

  test('hears that a reply was cut, and nothing of the reply is run', async () => {
    const cut = { ...say(call('write', { path: 'half.txt', content: 'half' })), stopReason: 'max_tokens' };
    const started = await talkTo([cut, { ...say('Long story'), stopReason: 'max_tokens' }, say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(requests(started)[1]?.lastResults).toMatchObject([
      { isError: true, content: expect.stringContaining('cut off') },
    ]);
    expect(requests(started)[2]?.lastText).toContain('cut off');
    expect(await sh(started.tree, 'ls half.txt 2>&1')).toContain('No such file');
  });
});

describe('the turn limit', () => {
  const look = (n: number) => say(call('bash', { command: `echo ${n}` }));

  test('is announced, leaves one turn for finish alone, and then ends the task', async () => {
    const late = say(call('write', { path: 'late.txt', content: 'x' }));
    const started = await talkTo([look(1), look(2), look(3), look(4), late], { input: { maxTurns: 4 } });
    expect(await started.session.proceed()).toEqual({ ended: 'turns' });
    expect(requests(started)).toHaveLength(5);
    expect(requests(started)[3]?.lastText).toContain('Turns left: 1. Wrap up');
    expect(requests(started)[4]?.lastText).toContain('This was the last turn for work. Call `finish` now.');
    expect(await sh(started.tree, 'ls late.txt 2>&1')).toContain('No such file');
    expect(await started.session.proceed('Go on.')).toEqual({ ended: 'turns' });
  });

  test('accepts a finish in the turn that is left, whatever the turn before was', async () => {
    const started = await talkTo([look(1), say('Hm.'), say(finish())], { input: { maxTurns: 2 } });
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(requests(started)[2]?.lastText).toContain('This was the last turn for work');
    expect(started.session.turns()).toBe(3);
  });
});
