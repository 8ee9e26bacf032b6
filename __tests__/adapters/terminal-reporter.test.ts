import { describe, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { taskListFrame, type FrameOptions } from '../../src/adapters/task-list-frame.ts';
import { createTerminalReporter } from '../../src/adapters/terminal-reporter.ts';
import type { RunEvent } from '../../src/events.ts';
import { createSink } from '../../src/publish/sink.ts';
import * as runs from '../support/run-events.ts';

const sink = createSink({ secrets: ['s3cret-s3cret-s3cret'] });
const view: FrameOptions = {
  columns: 100,
  rows: 30,
  nowMs: Date.UTC(2026, 0, 2, 3, 5, 5),
  tick: 0,
  color: false,
  clean: sink.log,
};
const [first, second] = runs.threeTasks;
if (!first || !second) throw new Error('no tasks');

const working: readonly RunEvent[] = [
  ...runs.opening(),
  ...runs.planned(runs.planOf(runs.threeTasks)),
  ...runs.worked(runs.resultOf(first)),
  runs.started(second),
  ...runs.replies(second.id, second.role, 3),
  {
    type: 'tool.ended',
    agent: second.id,
    turn: 3,
    toolUseId: 'a',
    tool: 'edit',
    input: { path: 'src/form.tsx' },
    content: '',
    isError: false,
    durationMs: 1,
  },
];

describe('the list', () => {
  test('shows stages, tasks, what each agent does, and what was spent', () => {
    expect(taskListFrame(runs.stateAfter(working), view).split('\n')).toEqual([
      'User login with email and password',
      '✔ Prepare the repository main at ba5e000000',
      '✔ Plan 3 tasks, $0.80 expected, $3.20 at worst',
      '⠋ Build and integrate',
      '  ✔ TASK-001 backend-dev JWT service and login endpoints 4 turns · $0.0800 · 6.0 s',
      '  ⠋ TASK-002 frontend-dev Login and registration forms 3 turns · $0.0600 · 44 s',
      '      edit src/form.tsx',
      '  ◌ TASK-003 qa-tester Tests of the whole flow waits for TASK-002',
      '◌ Check the result',
      '◌ Publish',
      '$0.16 spent · 8 calls · 1 min 00 s',
    ]);
  });

  test('a task handed back runs again, and an ended one says why', () => {
    const returned = taskListFrame(
      runs.stateAfter([...working, { type: 'task.handed-back', taskId: first.id, kind: 'conflict', detail: 'x' }]),
      { ...view, columns: 80 },
    );
    // The title gives way to the facts, and its time runs on.
    expect(returned).toMatch(/⠋ TASK-001 backend-dev JWT .*… 4 turns · \$0\.0800 · 51 s · handed back 1x\n/);
    const limited = taskListFrame(runs.stateAfter(runs.limitedRun()), view);
    expect(limited).toMatch(/▲ TASK-002 .*\n {6}The run reached its cost limit\.\n {2}↷ TASK-003/);
  });

  test('fits the screen: long lines are cut, finished tasks give way first', () => {
    const tasks = Array.from({ length: 40 }, (_, index) =>
      runs.taskOf(index + 1, { title: '日本語のタイトル '.repeat(20) }),
    );
    const [one, two, three] = tasks;
    if (!one || !two || !three) throw new Error('no tasks');
    const state = runs.stateAfter([
      ...runs.opening(),
      ...runs.planned(runs.planOf(tasks)),
      ...runs.worked(runs.resultOf(one)),
      runs.started(two),
      runs.started(three),
    ]);
    const lines = taskListFrame(state, { ...view, columns: 40, rows: 16 }).split('\n');
    expect(lines.length).toBeLessThan(16);
    // A character of these takes two columns.
    for (const line of lines) expect(line.replace(/[\u3000-\u9fff]/g, '##').length).toBeLessThan(40);
    expect(lines.join('\n')).toMatch(/TASK-002[^]*TASK-003[^]*… and \d+ more tasks/);
    expect(lines.join('\n')).not.toMatch(/TASK-001 /);
  });

  test('texts of others move no cursor and show no secret', () => {
    const hostile = '\u001b[2J\u001b]0;x\u0007a s3cret-s3cret-s3cret';
    const state = runs.stateAfter([...runs.opening({ title: hostile }), { type: 'warning', message: hostile }]);
    const frame = taskListFrame(state, view);
    expect(frame).not.toMatch(/\u001b|\u0007|s3cret/);
    expect(stripVTControlCharacters(taskListFrame(state, { ...view, color: true }))).toBe(frame);
  });

  test('a failed run marks the stage it failed in', () => {
    const failed = runs.ended({ kind: 'failed', stage: 'plan', code: null, error: 'x', saved: [] });
    const frame = taskListFrame(runs.stateAfter([...runs.opening(), failed]), view);
    expect(frame).toMatch(/✖ Plan/);
    expect(frame).toMatch(/✔ Prepare/);
  });
});

/** A stream that remembers what was written to it. */
function streamOf(size: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number }) {
  const stream = Object.assign(new PassThrough(), size);
  let written = '';
  stream.on('data', (chunk: Buffer) => (written += chunk.toString()));
  return { stream, written: () => written };
}

describe('the reporter', () => {
  const play = (size: Parameters<typeof streamOf>[0]) => {
    const { stream, written } = streamOf(size);
    const reporter = createTerminalReporter({ stdout: stream, sink, clock: { now: () => view.nowMs }, noColor: '1' });
    const built = runs.ended({ kind: 'built', branch: 'ai/login' });
    for (const event of [...runs.wholeRun(), built]) reporter.emit(event);
    reporter.close();
    return written();
  };

  test('leaves the last state of the list on a terminal, once, with the cursor below it', () => {
    const text = stripVTControlCharacters(play({ isTTY: true, columns: 90, rows: 30 }));
    expect(text.split('✔ TASK-003')).toHaveLength(2);
    expect(text).toMatch(/✔ Publish\n.*spent.*\n$/);
  });

  test.each([{}, { isTTY: true, columns: 0, rows: 0 }])(
    'writes plain lines where nothing can be painted: %j',
    (size) => {
      const text = play(size);
      expect(text).toContain('TASK-003 is integrated\n');
      expect(text).toMatch(/Built on ai\/login .*\n$/);
      expect(text).not.toContain('\u001b');
    },
  );
});
