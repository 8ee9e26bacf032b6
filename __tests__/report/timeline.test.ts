import { describe, expect, test } from '@jest/globals';
import { projectRun } from '../../src/journal/project-run.ts';
import { ticksOf } from '../../src/report/timeline.ts';
import { timelineRows } from '../../src/report/timeline-rows.ts';
import { createRecorder, reply, text } from '../support/journal-recorder.ts';
import { sampleJournal } from '../support/journal-sample.ts';

describe('timelineRows', () => {
  const entries = sampleJournal();
  const rows = timelineRows(entries, projectRun(entries));
  const row = (id: string) => rows.find((one) => one.id === id);

  test('has a row for the orchestrator, the manager and each task, in order of their start', () => {
    expect(rows.map((one) => one.id)).toEqual([
      'orchestrator',
      'manager',
      'TASK-001',
      'TASK-002',
      'TASK-003',
      'reviewer',
    ]);
  });

  test('tasks that ran at once overlap, the dependent one starts after both', () => {
    const [first, second, third] = ['TASK-001', 'TASK-002', 'TASK-003'].map(
      (id) => row(id)?.whole ?? { fromMs: NaN, toMs: NaN },
    );
    expect(second?.fromMs).toBeLessThan(first?.toMs ?? NaN);
    expect(third?.fromMs).toBeGreaterThanOrEqual(Math.max(first?.toMs ?? NaN, second?.toMs ?? NaN));
  });

  test('marks say what happened to the work', () => {
    expect(
      row('TASK-003')
        ?.marks.map((mark) => mark.kind)
        .slice(-3),
    ).toEqual(['failed', 'returned', 'failed']);
    expect(row('TASK-001')?.marks.at(-1)?.kind).toBe('merged');
  });

  test('a reply stands where it was waited for', () => {
    const run = createRecorder(10_000);
    reply(run, 'manager', 'manager', 1, 0.01, 4, [text('a plan')]);
    const [only] = timelineRows(run.entries(), projectRun(run.entries()));
    expect(only?.spans[0]).toMatchObject({ fromMs: 10_000, toMs: 14_000, kind: 'model' });
  });
});

test.each([
  [4_000, [0, 1_000, 2_000, 3_000, 4_000]],
  [61_000, [0, 15_000, 30_000, 45_000, 60_000]],
  [3_600_000, [0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000, 3_600_000]],
])('a run of %d ms has ticks at round times', (durationMs, ticks) => {
  expect(ticksOf(durationMs)).toEqual(ticks);
});
