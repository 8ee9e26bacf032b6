import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { countIn, refusedToday } from '../../src/count-run.ts';
import { createBranchFile } from '../../src/state/branch-file.ts';
import { refuseRun } from '../../src/state/count-runs.ts';
import { formatHistory, historyFile, parseHistory, type EarlierRun } from '../../src/state/run-history.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { git, makeBed, type Bed } from '../adapters/git-bed.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const line = (runId: string, actor = 'ann', atMs = noon): EarlierRun => ({
  runId,
  atMs,
  actor,
  costNanoUsd: 0,
  tasks: [],
});
const lines = (count: number, actor = 'ann') =>
  Array.from({ length: count }, (_none, i) => line(`${actor}-${i}`, actor));
const run = { runId: 'new', actor: 'Ann', atMs: noon };
const limits = { maxRunsPerDay: 5, maxRunsPerPersonPerDay: 3 };

describe('the runs of a day', () => {
  test('may reach the limit and not go over it, for one person and for all', () => {
    expect(refuseRun(lines(2), limits, run)).toBeNull();
    expect(refuseRun(lines(3), limits, run)).toMatch(
      /^The limit limits\.max_runs_per_person_per_day is 3; used: 3 by Ann today \(UTC\)\./,
    );
    expect(refuseRun([...lines(2), ...lines(2, 'ben')], limits, run)).toBeNull();
    expect(refuseRun([...lines(2), ...lines(3, 'ben')], limits, run)).toMatch(
      /^The limit limits\.max_runs_per_day is 5; used: 5 today \(UTC\)\./,
    );
  });

  test('are those of this day in UTC, and the run itself is none of them', () => {
    const yesterday = lines(9).map((one) => ({ ...one, atMs: Date.parse('2026-11-21T23:59:59Z') }));
    expect(refuseRun(yesterday, limits, run)).toBeNull();
    expect(refuseRun([...lines(2), line('new')], limits, run)).toBeNull();
  });

  test('are not limited where no limit is set', () => {
    expect(refuseRun(lines(400), { maxRunsPerDay: null, maxRunsPerPersonPerDay: null }, run)).toBeNull();
    expect(refuseRun(lines(400), {}, run)).toBeNull();
  });
});

describe('before a run begins', () => {
  const counted = { trigger: { actor: 'ann' }, runId: 'new', branchPrefix: 'bots/ai', limits };
  const asking = (text: string | null) => {
    const asked: string[] = [];
    const readFile = (branch: string, path: string) => (asked.push(`${branch}:${path}`), Promise.resolve(text));
    return { asked, deps: { github: { readFile }, clock: { ...systemClock, now: () => noon } } };
  };

  test('the list of runs is asked for, and where there is none yet nothing is counted', async () => {
    const { asked, deps } = asking(null);
    expect(await refusedToday(counted, deps)).toBeNull();
    expect(asked).toEqual(['bots/ai/state/runs:runs.json']);
    expect(await refusedToday(counted, asking(formatHistory(lines(3), (text) => text)).deps)).toContain('used: 3');
  });

  test('nothing is asked where nothing is limited', async () => {
    const { asked, deps } = asking(null);
    expect(await refusedToday({ ...counted, limits: {} }, deps)).toBeNull();
    expect(asked).toEqual([]);
  });
});

describe('runs that begin at the same time', () => {
  let bed: Bed;
  beforeEach(async () => {
    bed = await makeBed({ 'a.txt': 'a\n' });
  });
  afterEach(() => bed.close());

  test('get in up to the limit and not one more', async () => {
    const file = () =>
      createBranchFile({
        git: bed.store,
        anyId: bed.base,
        branch: 'ai/state/runs',
        file: historyFile,
        subject: 'Runs',
      });
    const clock = { now: () => noon, sleep: (ms: number) => systemClock.sleep(ms / 10) };
    const begin = (runId: string) =>
      countIn(
        file(),
        {
          trigger: { actor: 'ann' },
          runId,
          branchPrefix: 'ai',
          limits: { maxRunsPerDay: 2, maxRunsPerPersonPerDay: null },
        },
        { line: line(runId), clock, clean: (text) => text },
      );
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(begin));
    expect(answers.filter((answer) => answer === null)).toHaveLength(2);
    expect(answers.filter((answer) => answer?.includes('limits.max_runs_per_day is 2; used: 2'))).toHaveLength(2);
    const kept = parseHistory(git(bed.checkout, 'show', `ai/state/runs:${historyFile}`));
    expect(kept).toHaveLength(2);
  });
});
