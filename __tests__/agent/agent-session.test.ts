import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { startSession, type AgentSession, type SessionDeps, type SessionInput } from '../../src/agent/agent-session.ts';
import { systemPrompt } from '../../src/agent/system-prompt.ts';
import { toolDefinitions } from '../../src/agent/tools/all.ts';
import type { Tree } from '../../src/ports.ts';
import type { Limits } from '../../src/types.ts';
import { call, inOrder, say, thinking, type Turn } from '../../testbed/model/script.ts';
import { roleOf, startModelBed, userSays, type ModelBed } from '../support/spine.ts';
import { buildToolhost, sh, startTreeBed, type BuiltToolhost, type TreeBed } from '../support/tree-bed.ts';

let toolhost: BuiltToolhost;
let trees: TreeBed;
beforeAll(async () => {
  toolhost = await buildToolhost();
  trees = await startTreeBed({ 'a.txt': 'alpha\n', 'b.txt': 'beta\n', 'src/count.ts': 'let n = 0;\n' }, toolhost.path);
});
afterAll(async () => {
  await trees.close();
  await toolhost.remove();
});

interface Talk {
  readonly bed: ModelBed;
  readonly tree: Tree;
  readonly session: AgentSession;
}

let talk: Talk | undefined;
afterEach(async () => {
  // Whatever a test is about: the model's service never found a request to refuse.
  expect(talk?.bed.server.refusals).toEqual([]);
  await talk?.bed.close();
  await talk?.tree.close();
  talk = undefined;
});

interface Options {
  readonly judge?: SessionDeps['judge'];
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  readonly input?: Partial<SessionInput>;
}

async function talkTo(turns: readonly Turn[], options: Options = {}): Promise<Talk> {
  const bed = await startModelBed(inOrder(...turns), options.limits);
  const tree = await trees.trees.open('TASK-001', trees.base);
  const { judge = () => Promise.resolve(null), signal } = options;
  const session = startSession(
    {
      agent: 'TASK-001',
      role: roleOf('backend-dev'),
      opening: [userSays('The brief.'), userSays('Your task.')],
      sharedPrefixMessages: 0,
      tree,
      toolOptions: { owns: [], foreign: [], ...(signal === undefined ? {} : { signal }) },
      maxTurns: 20,
      ...options.input,
    },
    {
      ...bed,
      clock: systemClock,
      judge,
      describeWork: () => Promise.resolve('no change'),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  talk = { bed, tree, session };
  return talk;
}

const treeNow = (): Tree => {
  if (talk === undefined) throw new Error('nobody talks');
  return talk.tree;
};
const finish = (more = {}) =>
  call('finish', { status: 'done', summary: 'All done.', tests_run: ['npm test'], notes_for_dependents: '', ...more });
const read = (...paths: readonly string[]) => call('read', { paths: paths.map((path) => ({ path })) });
const edit = (path: string, old_string: string, new_string: string) =>
  call('edit', { path, edits: [{ old_string, new_string }] });
const requests = ({ bed }: Talk) => bed.server.requests.map(({ request }) => request);
const told = ({ bed }: Talk) => bed.reporter.of('agent.told').map(({ text }) => text);

describe('a conversation', () => {
  test('starts with the opening, and asks with the one prompt and the one list of tools', async () => {
    const started = await talkTo([say(finish())]);
    expect(requests(started)).toEqual([]);
    await started.session.proceed();
    expect(requests(started)).toMatchObject([
      {
        system: systemPrompt,
        toolNames: toolDefinitions.map(({ name }) => name),
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

  test('are run before the finish of the same reply is judged, and a second finish is not judged', async () => {
    const seen: string[] = [];
    const judge = async () => {
      seen.push(await sh(treeNow(), 'cat new.txt'));
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
      ['Already f', true],
    ]);
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
    expect(await started.session.proceed()).toMatchObject({ ended: 'stuck' });
    expect(requests(started)[1]?.lastResults).toMatchObject([
      { isError: true, content: expect.stringContaining('`status`: expected "done" or "blocked" or "needs_split"') },
    ]);
  });
});

describe('an agent that gets nowhere', () => {
  test('is nudged for two replies without a call and stopped at the third', async () => {
    const started = await talkTo([say('I think.'), say('I think more.'), say('I am.')]);
    expect(await started.session.proceed()).toEqual({
      ended: 'stuck',
      why: 'it replied without using a tool three times',
    });
    expect(requests(started)[1]?.lastText).toMatch(/^That reply called no tool/);
    expect(told(started)).toHaveLength(4);
  });

  test('starts to count anew after a call, and an empty reply is no end', async () => {
    const started = await talkTo([say('One.'), say(), say(read('a.txt')), say('One.'), say('Two.'), say(finish())]);
    expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  });

  test('is nudged at the third equal call with an equal result and stopped at the fifth', async () => {
    const same = say(call('bash', { command: 'sleep 0.0$((RANDOM % 9)); echo same; exit 1' }));
    const started = await talkTo([same, same, same, same, same]);
    expect(await started.session.proceed()).toEqual({
      ended: 'stuck',
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

  test.each([
    ['refusal', 'the model refused to go on'],
    ['model_context_window_exceeded', 'the context window is full'],
  ])('ends at once on %s', async (stopReason, why) => {
    const started = await talkTo([{ ...say('No.'), stopReason }]);
    expect(await started.session.proceed()).toEqual({ ended: 'stuck', why });
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

test('a model that cannot be used ends the conversation with the reason', async () => {
  const started = await talkTo([{ kind: 'error', status: 401, type: 'authentication_error', message: 'no' }]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'model-failed', reply: { reason: 'auth' } });
  expect(started.session.turns()).toBe(0);
});
