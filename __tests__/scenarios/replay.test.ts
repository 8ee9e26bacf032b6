// `ai-implement replay`: a run of the real bundle again from its journal alone, whatever became of it.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { systemPrompt } from '../../src/agent/system-prompt.ts';
import type { RunEvent } from '../../src/events.ts';
import { readJournal, writeEntry, writeHeader } from '../../src/journal/read-journal.ts';
import { byAgent, call, say, type Line, type Turn } from '../../testbed/model/script.ts';
import {
  agent,
  bash,
  contentReviewer,
  finish,
  help,
  moduleTask,
  plan,
  writeModule,
} from '../support/scenario-model.ts';
import { closeProjects, expectStatus, REPOSITORY, startProject, WRITER } from '../support/scenario.ts';
import { checkout } from '../../testbed/runner/checkout.ts';
import { startTerminal, TERMINAL_REPOSITORY, type Ended, type TerminalBed } from '../support/terminal-bed.ts';

let bed: TerminalBed | null = null;
afterEach(async () => {
  await closeProjects();
  await bed?.close();
  bed = null;
});

async function open(...lines: readonly Line[]): Promise<TerminalBed> {
  bed = await startTerminal(byAgent(...lines, contentReviewer));
  return bed;
}

const feature = ['run', '--feature', 'Teach it to say more'] as const;
const issueRun = (number: number) => ['run', '--issue', String(number), '--repo', TERMINAL_REPOSITORY] as const;
const [first, second] = [
  moduleTask('TASK-001', 'goodbye', { estimated_turns: 32 }),
  moduleTask('TASK-002', 'thanks', { estimated_turns: 32, assigned_to: 'frontend-dev' }),
];
const both = plan(first, second);
const built = (name: string, number: number): Line => agent(`TASK-00${number}`, writeModule(name), finish());

const replay = (from: TerminalBed): Promise<Ended> => from.call(['replay', from.journalPath()]);
const requestsOf = (from: TerminalBed): number => from.model.requests.length;

/** Expects that all that was asked of the model is asked again, and nothing else. */
async function expectSame(from: TerminalBed, ending: string): Promise<void> {
  const asked = requestsOf(from);
  const { code, output } = await replay(from);
  const wanted = new RegExp(`^${asked} model requests are the same, ${ending}`);
  expect(`${output}\nexit code ${code}`).toMatch(wanted);
  expect(code).toBe(0);
  expect(requestsOf(from)).toBe(asked);
}

describe('a run is executed again', () => {
  test('that opened a pull request', async () => {
    const run = await open(both, built('goodbye', 1), built('thanks', 2));
    const issue = await run.github.createIssue({ repository: TERMINAL_REPOSITORY, title: 'Say more', author: 'bob' });
    expect(await run.call(issueRun(issue.number))).toMatchObject({ code: 0 });
    const calls = run.github.log.length;
    await expectSame(run, `and nothing differs. Outcome: opened on ai/issue-${issue.number}`);
    expect(run.github.log).toHaveLength(calls);
  });

  test('that failed, as GitHub refused it', async () => {
    const run = await open(plan(first), built('goodbye', 1));
    const issue = await run.github.createIssue({ repository: TERMINAL_REPOSITORY, title: 'Say more', author: 'bob' });
    // The first one is the question whether the token may.
    const refusal = { status: 422, body: { message: 'No pull requests here.' }, times: 2 };
    run.github.fault({ method: 'POST', path: /\/pulls$/, ...refusal });
    expect(await run.call(issueRun(issue.number))).toMatchObject({ code: 1 });
    await expectSame(run, 'and nothing differs. Outcome: failed: GitHub refused to');
  });

  test('that a limit stopped, with what was under way beside it', async () => {
    const run = await open(
      both,
      agent('TASK-001', ...Array.from({ length: 9 }, (_, i) => bash(`echo ${i}`))),
      agent('TASK-002', ...Array.from({ length: 9 }, (_, i) => bash(`echo ${i}`))),
    );
    expect(await run.call([...feature, '--max-api-calls', '8'])).toMatchObject({ code: 3 });
    await expectSame(run, 'and nothing differs. Outcome: partial: The limit limits.max_api_calls is 8; used: 8.');
  });

  test('that its time limit stopped', async () => {
    const run = await open(both, built('goodbye', 1), agent('TASK-002', bash('sleep 600')));
    expect(await run.call([...feature, '--timeout-minutes', '0.1'])).toMatchObject({ code: 3 });
    await expectSame(run, 'and nothing differs. Outcome: partial');
  });

  test('in which the manager helped', async () => {
    const blocked = say(
      call('finish', {
        status: 'blocked',
        summary: 'Where to?',
        question: 'Where?',
        tests_run: [],
        notes_for_dependents: '',
      }),
    );
    const run = await open(
      plan(first),
      agent('TASK-001', blocked, writeModule('goodbye'), finish()),
      help('guide', 'Into src.'),
    );
    expect(await run.call(feature)).toMatchObject({ code: 0 });
    await expectSame(run, 'and nothing differs. Outcome: built');
  });

  test('in which calls failed and the work went on all the same', async () => {
    const run = await open(both, built('goodbye', 1), built('thanks', 2));
    const where = { repository: TERMINAL_REPOSITORY };
    const issue = await run.github.createIssue({ ...where, title: 'Say more', author: 'bob' });
    await run.github.createComment({ ...where, issueNumber: issue.number, body: 'Loudly.', author: 'bob' });
    run.github.fault({
      method: 'GET',
      path: /collaborators\/bob\/permission/,
      status: 404,
      body: { message: 'No bob.' },
    });
    expect(await run.call(issueRun(issue.number))).toMatchObject({ code: 0 });
    expect(eventsOf(run).filter(({ type }) => type === 'call.failed')).toMatchObject([{ stands: true }]);
    await expectSame(run, 'and nothing differs. Outcome: opened');
  });

  test('that was stopped by its user', async () => {
    const run = await open(both, built('goodbye', 1), agent('TASK-002', bash('sleep 600')));
    const stopped = await run.call(feature, (child) => {
      void whenJournal(run, /"branch\.pushed"/).then(() => child.kill('SIGINT'));
    });
    expect(stopped).toMatchObject({ code: 130 });
    await expectSame(run, '(and nothing differs. Outcome: partial|up to where the run was stopped)');
  });

  test('that was killed, and when it had gone on to its end', async () => {
    let asked = 0;
    const hangsOnce: Turn = () => ((asked += 1) === 1 ? new Promise(() => undefined) : Promise.resolve(finish()));
    const run = await open(both, built('goodbye', 1), agent('TASK-002', writeModule('thanks'), hangsOnce, finish()));
    const killed = await run.call(feature, (child) => {
      void whenJournal(run, /"branch\.pushed"/).then(() => child.kill('SIGKILL'));
    });
    expect(killed.code).toBeNull();
    // The request under way at the kill is announced again, and has no reply.
    const { code, output } = await replay(run);
    expect(output).toMatch(/^5 model requests are the same, up to where the run was killed/);
    expect(code).toBe(0);
    expect(await run.call(feature)).toMatchObject({ code: 0 });
    const after = await replay(run);
    expect(after.output).toMatch(/^5 model requests are the same, and nothing differs. Outcome: built/);
  });
});

test('a run of the action is executed again from its journal and a clone of the repository', async () => {
  const project = await startProject();
  const words = '/ai-implement and say it loudly';
  let replayed: Ended | null = null;
  const look = async (runnerTemp: string): Promise<void> => {
    const clone = join(runnerTemp, 'clone');
    const token = project.github.mintToken({ contents: 'read' }, REPOSITORY);
    await checkout({ cloneUrl: project.github.cloneUrl(REPOSITORY), token, directory: clone, depth: 0 });
    const [runId = ''] = readdirSync(join(runnerTemp, 'ai-implement'));
    replayed = await callReplay(join(runnerTemp, 'ai-implement', runId), clone);
  };
  const model = [both, built('goodbye', 1), built('thanks', 2)];
  const run = await project.run(await project.commented(WRITER, words), { model, look });
  expectStatus(run, 'opened');
  expect(replayed).toMatchObject({
    code: 0,
    output: expect.stringContaining(
      `${run.modelRequests.length} model requests are the same, and nothing differs. Outcome: opened`,
    ),
  });
  // And of a run that goes on with the pull request of the first.
  const [pull] = run.pullRequests;
  const again = await project.run(await project.commented(WRITER, '/ai-implement say it twice', pull?.number ?? 0), {
    model: [built('more', 1)],
    look,
  });
  expectStatus(again, 'updated');
  expect(replayed).toMatchObject({
    code: 0,
    output: expect.stringContaining(
      `${again.modelRequests.length} model requests are the same, and nothing differs. Outcome: updated`,
    ),
  });
});

/** With nothing of the run's surroundings. */
function callReplay(journal: string, projectDir: string): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/cli.cjs', 'replay', journal, '--project-dir', projectDir], {
    env: { PATH: process.env['PATH'] },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

describe('a difference is shown with its cause', () => {
  /** The journal with one event changed, and the chain of its lines made anew. */
  function edit(run: TerminalBed, change: (event: RunEvent) => RunEvent): void {
    const { runId, entries } = readJournal(run.journalText());
    const lines = [writeHeader(runId)];
    for (const entry of entries) lines.push(writeEntry({ ...entry, event: change(entry.event) }, lines.at(-1) ?? ''));
    writeFileSync(run.journalPath(), `${lines.join('\n')}\n`);
  }

  test('of a reply that was changed, of a program that was, and of a journal that was not', async () => {
    const run = await open(plan(first), built('goodbye', 1));
    expect(await run.call(feature)).toMatchObject({ code: 0 });
    const whole = run.journalText();

    const inReplies = (was: string, is: string) =>
      edit(run, (event) =>
        event.type === 'model.replied' ? JSON.parse(JSON.stringify(event).replace(was, is)) : event,
      );
    inReplies('Build what TASK-001 is about.', 'Build another.');
    const otherPlan = await replay(run);
    expect(otherPlan.code).toBe(1);
    expect(otherPlan.output).toMatch(
      /^1 model request is the same; then the first difference:\nthe run: plan\.accepted differs from entry \d+\.\n.*\n.*\nIt comes after entry \d+ \(model\.replied of manager, turn 1\)\.\n/,
    );
    expect(otherPlan.output).toMatch(/journal: .*Build what TASK-001 is about/);
    expect(otherPlan.output).toMatch(/now: .*Build another/);

    writeFileSync(run.journalPath(), whole);
    inReplies("=> 'goodbye'", "=> 'bye'");
    const changed = await replay(run);
    expect(changed.code).toBe(1);
    expect(changed.output).toMatch(
      /^2 model requests are the same; then the run wants what its journal does not have:\nTASK-001: its call number 2 is `write` now, and `write` in entry \d+; the reply before it was changed/,
    );

    writeFileSync(run.journalPath(), whole);
    const bundle = join(run.directory, 'cli.cjs');
    const told = systemPrompt.split('\n', 1)[0]?.slice(0, 40) ?? '';
    const program = readFileSync('dist/cli.cjs', 'utf8');
    expect(program).toContain(told);
    writeFileSync(bundle, program.replace(told, `Hear, hear! ${told}`));
    const otherProgram = await run.callWith(bundle, ['replay', run.journalPath()]);
    expect(otherProgram.code).toBe(1);
    expect(otherProgram.output).toMatch(
      /^0 model requests are the same; then the first difference:\nmanager, turn 1: the request differs from that of entry \d+: its system prompt is another\.\n/,
    );
    expect(otherProgram.output).toMatch(/now: +Hear, hear!/);

    expect(await replay(run)).toMatchObject({ code: 0 });
  });
});

const eventsOf = (run: TerminalBed): readonly RunEvent[] =>
  readJournal(run.journalText()).entries.map(({ event }) => event);

/** Resolves when the journal of the newest run says so. */
async function whenJournal(run: TerminalBed, what: RegExp): Promise<void> {
  while (!what.test(run.journalText())) await new Promise((resolve) => setTimeout(resolve, 20));
}
