import { describe, expect, test } from '@jest/globals';
import { call, say } from '../../testbed/model/script.ts';
import { sh } from '../support/tree-bed.ts';
import { bash, edit, finish, read, requests, useTalks, write } from './talk.ts';

const talkTo = useTalks();

describe('tool calls of one reply', () => {
  test('are answered in one message in call order, though reads run together', async () => {
    const slow = call('search', { pattern: 'alpha' });
    const started = await talkTo([say(read('b.txt'), slow, read('a.txt'), read('none.txt')), say(finish())]);
    await started.session.proceed();
    const results = requests(started)[1]?.lastResults ?? [];
    expect(results.map(({ isError }) => isError)).toEqual([false, false, false, true]);
    expect(results[0]?.content).toContain('beta');
    expect(results[1]?.content).toContain('a.txt');
    expect(results[2]?.content).toContain('alpha');
    expect(
      started.bed.reporter
        .of('tool.ended')
        .map(({ tool }) => tool)
        .sort(),
    ).toEqual(['finish', 'read', 'read', 'read', 'search']);
  });

  test('that change something run one after another, and a read after them sees the change', async () => {
    const started = await talkTo([
      say(
        edit('a.txt', 'alpha', 'one'),
        edit('a.txt', 'one', 'two'),
        call('bash', { command: 'cat a.txt; sleep 0.3; echo three > a.txt' }),
        read('a.txt'),
      ),
      say(finish()),
    ]);
    await started.session.proceed();
    const results = requests(started)[1]?.lastResults ?? [];
    expect(results.map(({ isError }) => isError)).toEqual([false, false, false, false]);
    expect(results[2]?.content).toContain('two');
    expect(results[3]?.content).toContain('three');
  });

  test('are run up to forty; all others are answered without being run', async () => {
    const calls = Array.from({ length: 200 }, (_none, index) =>
      call('bash', { command: `echo ${String(index)} >> ran.txt` }),
    );
    const started = await talkTo([say(...calls, finish()), say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    const results = requests(started)[1]?.lastResults ?? [];
    expect(results).toHaveLength(201);
    expect(results.filter(({ isError }) => !isError)).toHaveLength(40);
    expect(results[40]?.content).toBe('Not executed: only 40 calls of one reply are. Look at their results first.');
    expect(results[200]?.content).toContain('Not judged');
    expect((await sh(started.tree, 'cat ran.txt')).trimEnd().split('\n')).toHaveLength(40);
  });

  test('that cannot be run get an error the model can act on', async () => {
    const started = await talkTo([
      say(
        call('teleport', { to: 'prod' }),
        { type: 'tool_use', name: 'edit', json: '{"path": "a.txt", "edits": [{"old' },
        edit('a.txt', 'not there', 'x'),
        call('plan', { items: 'none' }),
        call('plan', { items: [{ text: 'Look', status: 'done' }] }),
      ),
      say(finish()),
    ]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    const results = requests(started)[1]?.lastResults ?? [];
    expect(results.map(({ isError }) => isError)).toEqual([true, true, true, true, false]);
    expect(results[0]?.content).toContain('There is no tool `teleport`');
    expect(results[3]?.content).toContain('Invalid arguments for plan');
    expect(started.bed.reporter.of('agent.steps')).toMatchObject([{ items: [{ text: 'Look', status: 'done' }] }]);
    expect(await sh(started.tree, 'cat a.txt')).toBe('alpha\n');
  });

  test('that change something are not run after a failed edit, though reads and the plan are', async () => {
    const started = await talkTo([
      say(
        edit('a.txt', 'not there', 'x'),
        edit('b.txt', 'beta', 'gamma'),
        read('b.txt'),
        write('new.txt', 'x'),
        bash('echo x > made.txt'),
        call('plan', { items: [{ text: 'Look', status: 'pending' }] }),
        finish(),
      ),
      say(edit('b.txt', 'beta', 'gamma'), finish()),
    ]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    const results = requests(started)[1]?.lastResults ?? [];
    expect(results.map(({ isError }) => isError)).toEqual([true, true, false, true, true, false, true]);
    for (const index of [1, 3, 4])
      expect(results[index]?.content).toMatch(/^Not executed: the `edit` before it in the same reply failed/);
    expect(results[6]?.content).toMatch(/^Not judged/);
    expect(await sh(started.tree, 'cat b.txt; ls')).toBe('gamma\na.txt\nb.txt\nsrc\n');
  });

  test('are not held up by a command that failed', async () => {
    const started = await talkTo([say(bash('exit 3'), write('new.txt', 'x')), say(finish())]);
    await started.session.proceed();
    expect(requests(started)[1]?.lastResults[1]).toMatchObject({ isError: false });
    expect(await sh(started.tree, 'cat new.txt')).toBe('x');
  });

  test('patch files where the run is one of the patch format, and know no other way to edit', async () => {
    const hunk = (from: string, to: string) =>
      call('apply_patch', { patch: `*** Begin Patch\n*** Update File: a.txt\n@@\n-${from}\n+${to}\n*** End Patch` });
    const started = await talkTo(
      [
        say(hunk('alpha', 'one'), hunk('not there', 'x'), bash('echo x > made.txt')),
        say(edit('a.txt', 'one', 'two')),
        say(finish()),
      ],
      { input: { editFormat: 'apply_patch' } },
    );
    await started.session.proceed();
    expect(requests(started)[0]?.toolNames).toContain('apply_patch');
    expect(requests(started)[1]?.lastResults.map(({ isError }) => isError)).toEqual([false, true, true]);
    expect(requests(started)[1]?.lastResults[2]?.content).toMatch(/^Not executed: the `apply_patch`/);
    expect(requests(started)[2]?.lastResults[0]?.content).toMatch(/^There is no tool `edit`/);
    expect(await sh(started.tree, 'cat a.txt')).toBe('one\n');
  });

  test('are told which tools there are when they name another', async () => {
    const started = await talkTo([say(call('teleport', {})), say(finish())]);
    await started.session.proceed();
    expect(requests(started)[1]?.lastResults[0]?.content).toBe(
      'There is no tool `teleport`. There are: bash, read, search, edit, write, plan, finish.',
    );
  });

  test('are run before the finish of the same reply is judged, and a second finish is not judged', async () => {
    const seen: string[] = [];
    const judge = async () => {
      seen.push(await sh(started.tree, 'cat new.txt'));
      return null;
    };
    const started = await talkTo(
      [say(finish(), call('write', { path: 'new.txt', content: 'x\n' }), finish()), say(finish())],
      { judge },
    );
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(seen).toEqual(['x\n']);
    await started.session.proceed('Again.');
    expect(requests(started)[1]?.lastResults.map(({ content, isError }) => [content.slice(0, 9), isError])).toEqual([
      ['Accepted.', false],
      [expect.stringMatching(/^created|^wrote|^new\.txt/i), false],
      ['Not judge', true],
    ]);
  });

  test('are proof enough for a finish behind them when they pass, and keep it from being judged when one fails', async () => {
    let judged = 0;
    const judge = () => Promise.resolve(judged++ === 0 ? null : 'asked too often');
    const started = await talkTo(
      [
        say(call('bash', { command: 'echo red; exit 3' }), finish()),
        say(call('bash', { command: 'echo green' }), finish()),
      ],
      { judge },
    );
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(judged).toBe(1);
    expect(requests(started)).toHaveLength(2);
    expect(requests(started)[1]?.lastResults.map(({ content }) => content.split('\n')[0])).toEqual([
      expect.stringMatching(/^exit code 3/),
      expect.stringMatching(/^Not judged: a `bash` of the same reply failed/),
    ]);
  });

  test('hand work back once where one reply has two finishes', async () => {
    const verdicts = ['The tests fail.', null];
    const judge = () => Promise.resolve(verdicts.shift() ?? null);
    const started = await talkTo([say(finish(), finish()), say(finish())], { judge });
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
    expect(requests(started)[1]?.lastResults.map(({ content }) => content)).toEqual([
      'The tests fail.',
      'Not judged: another `finish` of the same reply was.',
    ]);
    expect(verdicts).toEqual([]);
  });
});
