import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BuildDeps, Guidance, Trouble } from '../../src/execute/work.ts';
import { byAgent, call, fail, inOrder, say, type Line, type Script, type Turn } from '../../testbed/model/script.ts';
import { roleOf } from '../support/spine.ts';
import { aTask, buildWith, taskFiles, type BuildOptions, type Built } from '../support/task-bed.ts';
import { buildToolhost, startTreeBed, type BuiltToolhost, type TreeBed } from '../support/tree-bed.ts';

let toolhost: BuiltToolhost;
let trees: TreeBed;
beforeAll(async () => {
  toolhost = await buildToolhost();
  trees = await startTreeBed(taskFiles, toolhost.path);
});
afterAll(async () => {
  await trees.close();
  await toolhost.remove();
});

let built: Built | undefined;
afterEach(async () => {
  await built?.task.close();
  await built?.bed.close();
  built = undefined;
});

const bash = (command: string) => call('bash', { command });
const finish = (more = {}) =>
  call('finish', { status: 'done', summary: 'Done.', tests_run: [], notes_for_dependents: '', ...more });
const silent: readonly Turn[] = [say('Hm.'), say('Hm.'), say('Hm.')];
const blocked = (question: string) => say(finish({ status: 'blocked', summary: 'No way on.', question }));
const mends = [say(bash('echo new > src/a.txt')), say(finish())];

const guidance = (action: Guidance['action'], more: Partial<Guidance> = {}): Guidance => ({
  action,
  text: `Advice to ${action}.`,
  rationale: 'It is so.',
  paths: [],
  acceptance: [],
  ...more,
});

/** A manager that gives these answers in turn, and then none; what it was asked is kept. */
function managerOf(...answers: readonly Guidance[]): { asked: Trouble[]; help: Partial<BuildDeps> } {
  const asked: Trouble[] = [];
  return { asked, help: { askManager: (trouble) => Promise.resolve(answers[asked.push(trouble) - 1] ?? null) } };
}

async function build(script: Script, options: BuildOptions): Promise<Built> {
  built = await buildWith(script, trees, options);
  return built;
}

describe('an agent that is stuck', () => {
  test('goes on in its own conversation with what the manager says, and finishes', async () => {
    const { asked, help } = managerOf(guidance('guide'));
    const made = await build(inOrder(say(bash('echo half > src/x.txt')), ...silent, ...mends), { help });
    expect(made.task.result).toMatchObject({ status: 'completed', reason: null, turns: 6 });
    expect(asked).toMatchObject([
      { rule: 'silent-reply', work: 'src/x.txt | added +1 -0', said: '', earlier: [], digest: { turns: 4 } },
    ]);
    expect(asked[0]?.digest.lastCalls).toMatchObject([{ tool: 'bash', isError: false }]);
    const told = made.bed.server.requests[4]?.request;
    expect(told?.lastText).toContain('Advice to guide.');
    expect(told?.turn).toBe(4);
    expect(made.bed.reporter.of('escalation.ended')).toMatchObject([
      { taskId: 'TASK-001', rule: 'silent-reply', action: 'guide', rationale: 'It is so.' },
    ]);
  });

  test('by its own repetitions starts its count anew once it is guided', async () => {
    const { asked, help } = managerOf(guidance('guide'));
    const same = say(bash('cat src/a.txt'));
    const made = await build(inOrder(same, same, same, same, same, same, ...mends), { help });
    expect(asked).toMatchObject([{ rule: 'same-call', digest: { turns: 5 } }]);
    expect(made.task.result).toMatchObject({ status: 'completed', turns: 8 });
  });

  test('with a model that will not go on leaves its conversation for a fresh one', async () => {
    const { help } = managerOf(guidance('guide'));
    const refusal = { ...say('No.'), stopReason: 'refusal' };
    const lines: Line[] = [
      { match: 'Work begun before you', turns: mends },
      { match: '## Task TASK-001:', turns: [refusal] },
    ];
    const made = await build(byAgent(...lines), { help });
    expect(made.task.result.status).toBe('completed');
    expect(made.bed.server.requests[1]?.request).toMatchObject({ turn: 0, model: 'claude-sonnet-5-5' });
  });

  test('ends with its work kept when the manager has no answer', async () => {
    const made = await build(inOrder(say(bash('echo half > src/a.txt')), ...silent), {});
    expect(made.task.result).toMatchObject({
      status: 'partial',
      reason: expect.stringMatching(/^The agent was stuck: /),
      changedFiles: [{ path: 'src/a.txt' }],
    });
    expect(made.bed.reporter.of('escalation.ended')).toEqual([]);
  });

  test('is helped as often as is set and no more, and the manager hears what did not help', async () => {
    const { asked, help } = managerOf(
      guidance('guide'),
      guidance('guide', { text: 'Another way.' }),
      guidance('guide'),
    );
    const made = await build(inOrder(...silent, ...silent, ...silent), { help });
    expect(made.task.result.status).toBe('partial');
    expect(asked.map(({ earlier }) => earlier)).toEqual([[], ['Advice to guide.']]);
  });

  test('is asked nothing where retries are set to none', async () => {
    const { asked, help } = managerOf(guidance('guide'));
    await build(inOrder(...silent), { help, input: { maxRetries: 0 } });
    expect(asked).toEqual([]);
  });

  test('is given up when the manager says so, and the work is kept with the reason', async () => {
    const { help } = managerOf(guidance('abandon', { text: 'The library is not there.' }));
    const made = await build(inOrder(say(bash('echo half > src/a.txt')), ...silent), { help });
    expect(made.task.result).toMatchObject({
      status: 'partial',
      reason: 'The manager gave it up: The library is not there.',
      changedFiles: [{ path: 'src/a.txt' }],
    });
  });
});

describe('acceptance that cannot be met', () => {
  const impossible = 'cat no-such-file; ls no-such-folder';
  const task = { ...aTask, acceptance: [impossible, 'grep -q new src/a.txt'] };
  const works = say(bash('echo new > src/a.txt'));

  test('is told as such, and the manager may put other commands in its place', async () => {
    const { asked, help } = managerOf(
      guidance('change_acceptance', { acceptance: ['test -e src/a.txt'], text: 'You are right.' }),
    );
    const script = inOrder(works, say(finish()), blocked('It fails at HEAD, too. Is it right?'), say(finish()));
    const made = await build(script, { help, input: { task } });
    expect(made.bed.server.requests[2]?.request.lastText).toMatch(
      /`cat no-such-file; ls no-such-folder` failed \(exit code 2\)\. Run without your change it fails in the same way\./,
    );
    expect(asked).toMatchObject([
      { failsWithout: [impossible], said: expect.stringMatching(/^Question: It fails at/) },
    ]);
    expect(made.bed.server.requests[3]?.request.lastText).toContain(
      'finish as done when they pass:\n- `grep -q new src/a.txt`\n- `test -e src/a.txt`',
    );
    expect(made.task.result).toMatchObject({
      status: 'completed',
      checks: [{ command: 'grep -q new src/a.txt' }, { command: 'test -e src/a.txt' }],
    });
  });

  test('is not said of a command that fails in another way since', async () => {
    const breaks = {
      ...task,
      acceptance: ['test "$(cat src/a.txt)" = one || echo "error: it changed"; test -e no-such'],
    };
    const made = await build(inOrder(works, say(finish()), blocked('Why?')), { input: { task: breaks } });
    expect(made.bed.server.requests[2]?.request.lastText).toContain('failed (exit code 1).\nerror: it changed');
  });
});

describe('a decision of the manager', () => {
  test('to raise the effort holds from then on', async () => {
    const { help } = managerOf(guidance('raise_effort'));
    const made = await build(inOrder(...silent, ...mends), { help });
    expect(made.bed.server.requests.map(({ request }) => request.effort)).toEqual([
      ...['medium', 'medium', 'medium'],
      ...['high', 'high'],
    ]);
  });

  test('for a stronger model starts a fresh conversation on it, in the same tree and told what was done', async () => {
    const { help } = managerOf(guidance('stronger_model'));
    const lines: Line[] = [
      { match: 'Work begun before you', turns: mends },
      { match: '## Task TASK-001:', turns: [say(bash('echo half > src/x.txt')), ...silent] },
    ];
    const made = await build(byAgent(...lines), { help });
    const { result } = made.task;
    expect(result).toMatchObject({ status: 'completed', turns: 6 });
    expect(result.changedFiles.map(({ path }) => path)).toEqual(['src/a.txt', 'src/x.txt']);
    expect(result.usage).toEqual(made.bed.ledger.spent());
    const handed = made.bed.server.requests[4]?.request;
    expect(handed).toMatchObject({ model: 'claude-opus-5-5', turn: 0, effort: 'high' });
    expect(handed?.ownText).toContain('src/x.txt | added +1 -0');
    expect(handed?.ownText).toContain('Advice to stronger_model.');
    // Turns of one task are numbered through, whoever took them.
    expect(made.bed.reporter.of('model.replied').map(({ turn }) => turn)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('about paths opens what is free to the tools and to acceptance, and says what stays closed', async () => {
    const { help } = managerOf(guidance('reassign_paths', { paths: ['lib/**', 'src2/**'] }));
    const write = say(call('write', { path: 'lib/b.txt', content: 'new\n' }));
    const made = await build(inOrder(write, ...silent, write, ...mends), {
      help: { ...help, grantPaths: (_, globs) => globs.slice(0, 1) },
    });
    expect(made.task.result).toMatchObject({ status: 'completed', task: { owns: ['src/**', 'lib/**'] } });
    expect(made.task.result.changedFiles.map(({ path }) => path)).toEqual(['lib/b.txt', 'src/a.txt']);
    const [refused] = made.bed.server.requests[1]?.request.lastResults ?? [];
    expect(refused?.isError).toBe(true);
    expect(made.bed.server.requests[4]?.request.lastText).toMatch(/now, too: lib\/\*\*\.\n.*closed.*: src2\/\*\*\./);
  });

  test('to split says that nobody else takes a part', async () => {
    const { help } = managerOf(guidance('split'));
    const made = await build(inOrder(...silent, ...mends), { help });
    expect(made.bed.server.requests[3]?.request.lastText).toMatch(/Advice to split\.\n\nNobody else/);
  });
});

describe('work that is handed back too often', () => {
  test('goes to the manager with its failing acceptance, and passes with what it says', async () => {
    const { asked, help } = managerOf(guidance('guide'));
    const made = await build(inOrder(say(finish()), say(finish()), say(finish()), ...mends), { help });
    expect(made.task.result.status).toBe('completed');
    expect(asked).toMatchObject([
      { rule: 'refused-work', said: 'Done.', checks: [{ command: 'grep -q new src/a.txt', exitCode: 1 }] },
    ]);
  });
});

describe('an agent that is blocked', () => {
  test('by a question gets the answer of the manager', async () => {
    const { asked, help } = managerOf(guidance('guide', { text: 'Port 80.' }));
    const made = await build(inOrder(blocked('Which port?'), ...mends), { help });
    expect(made.task.result.status).toBe('completed');
    expect(asked).toMatchObject([{ rule: 'blocked', said: 'Question: Which port?\nNo way on.' }]);
    expect(made.bed.reporter.of('question.asked')).toEqual([]);
  });

  test('by what only a person knows leaves the question of the manager', async () => {
    const { help } = managerOf(guidance('ask_person', { text: 'Which port does the firewall open?' }));
    const made = await build(inOrder(say(bash('echo half > src/a.txt')), blocked('Which port?')), { help });
    expect(made.bed.reporter.of('question.asked')).toMatchObject([
      { taskId: 'TASK-001', question: 'Which port does the firewall open?' },
    ]);
    expect(made.task.result).toMatchObject({
      status: 'partial',
      reason: 'It needs an answer: Which port does the firewall open?',
      changedFiles: [{ path: 'src/a.txt' }],
    });
  });

  test('leaves its own question when the manager has no answer', async () => {
    const made = await build(inOrder(blocked('Which port?')), {});
    expect(made.bed.reporter.of('question.asked')).toMatchObject([{ question: 'Which port?' }]);
  });
});

describe('a model that is overloaded', () => {
  const overloaded: readonly Turn[] = Array.from({ length: 12 }, () => fail(529, { headers: { 'retry-after': '0' } }));
  const lines: Line[] = [
    { match: 'Work begun before you', turns: mends },
    { match: `## Task ${aTask.id}:`, turns: overloaded },
  ];

  test('is left for the fallback model, and the decision is recorded', async () => {
    const role = roleOf('backend-dev', { fallbackModel: 'claude-haiku-5-5' });
    const made = await build(byAgent(...lines), { input: { role } });
    expect(made.task.result.status).toBe('completed');
    expect(made.bed.server.requests.at(-1)?.request.model).toBe('claude-haiku-5-5');
    expect(made.bed.reporter.of('escalation.ended')).toMatchObject([
      { rule: 'overloaded', action: 'fallback_model', text: expect.stringContaining('claude-haiku-5-5') },
    ]);
  });

  test('ends the task where none is set', async () => {
    const made = await build(byAgent(...lines), {});
    expect(made.task.result).toMatchObject({ status: 'partial', reason: expect.stringMatching(/^The model did not/) });
  });
});
