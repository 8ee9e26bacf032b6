import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../src/events.ts';
import { emptyRunState } from '../src/journal/run-state.ts';
import { keepState, type Keeping } from '../src/keep-state.ts';
import { requestStop } from '../src/state/request-stop.ts';
import { recordRuns } from '../src/state/record-runs.ts';
import { createBranchFile } from '../src/state/branch-file.ts';
import { historyFile, parseHistory } from '../src/state/run-history.ts';
import { formatStateRecord, type StateRecord } from '../src/state/state-record.ts';
import type { Trigger } from '../src/types.ts';
import { manualClock, settled, type ManualClock } from './adapters/manual-clock.ts';
import { asIs, branch, contentOf, openStateBed, until, type StateBed } from './state/state-bed.ts';

const trigger: Trigger = {
  source: 'label',
  command: 'run',
  repository: { owner: 'o', name: 'r' },
  issueNumber: 1,
  pullRequestNumber: null,
  commentId: null,
  actor: 'ann',
  at: null,
  feature: null,
  instructions: '',
  snapshot: null,
};
const minuteMs = 60_000;

let bed: StateBed;
let clock: ManualClock;
let warnings: RunEvent[];
let stops: string[];
beforeEach(async () => {
  bed = await openStateBed();
  clock = manualClock();
  warnings = [];
  stops = [];
});
afterEach(() => bed.close());

const keep = (runId: string, earlierRunIds: readonly string[] = []): Promise<Keeping> =>
  keepState(
    { trigger, runId, earlierRunIds, branchPrefix: 'ai', commit: bed.base, limits: {} },
    {
      ...{ git: bed.machine(), clock, clean: asIs },
      github: { readFile: () => Promise.resolve(null) },
      reporter: { emit: (event) => void warnings.push(event) },
      state: () => ({ ...emptyRunState, runId, trigger }),
      events: () => [],
      stop: (by) => void stops.push(`${runId}: ${by}`),
    },
  );

/** What another run has left on the branch. */
async function left(more: Partial<StateRecord> = {}): Promise<void> {
  const file = bed.file();
  const record = { ...contentOf('1-1'), beatAtMs: 0, stop: null, ...more };
  await file.write(formatStateRecord(record, asIs), [bed.base], await file.head());
}

/** Lets the moment pass before a run claims its work, and gives what it learns. */
async function claimOf(keeping: Keeping): Promise<string | null> {
  const claim = keeping.claim();
  await clock.advance(250);
  return claim;
}

describe('the claim', () => {
  test('of two runs that begin in the same second one gets the work, and the other is told by whom', async () => {
    const both = await Promise.all([keep('1-1'), keep('2-1')]);
    const claims = await Promise.all(both.map(claimOf));
    expect(claims.filter((claim) => claim === null)).toHaveLength(1);
    const winner = claims[0] === null ? '1-1' : '2-1';
    expect(claims.find((claim) => claim !== null)).toMatch(new RegExp(`^Run ${winner}, started by ann .* is at work`));
    await Promise.all(both.map((keeping) => keeping.finish()));
    expect((await bed.record())?.runId).toBe(winner);
  });

  test('a run that is at work is seen at once, and nothing is written over it', async () => {
    await left();
    const keeping = await keep('2-1');
    expect(await keeping.claim()).toMatch(/^Run 1-1/);
    expect(keeping.earlier).toBeNull();
    await keeping.finish();
    expect((await bed.record())?.runId).toBe('1-1');
  });

  test('a dead run blocks for three minutes of silence, and its record is then gone on from', async () => {
    await left({ request: 'a'.repeat(64) });
    await clock.advance(3 * minuteMs - 1);
    expect(await (await keep('2-1')).claim()).toMatch(/^Run 1-1/);
    await clock.advance(1);
    const keeping = await keep('3-1');
    expect(keeping.earlier).toMatchObject({ runId: '1-1', request: 'a'.repeat(64) });
    expect(await claimOf(keeping)).toBeNull();
    // Nothing of it is lost when this one is killed before it knows whether it goes on from it.
    expect(await bed.record()).toMatchObject({ runId: '3-1', request: 'a'.repeat(64) });
    await keeping.finish();
  });

  test('what has landed stays on record when the next run goes on from it', async () => {
    const head = { commit: bed.base, checks: [] };
    const landed = { start: bed.base, head, results: [], merges: [], work: [] };
    await left({ phase: 'stopped', landed });
    const keeping = await keep('2-1');
    expect(await claimOf(keeping)).toBeNull();
    keeping.settle(true);
    await keeping.flush();
    expect(await bed.record()).toMatchObject({ runId: '2-1', phase: 'running', landed });
    await keeping.finish();
  });

  test('what has landed is of no use to a run that starts afresh', async () => {
    const head = { commit: bed.base, checks: [] };
    await left({ phase: 'stopped', landed: { start: bed.base, head, results: [], merges: [], work: [] } });
    const keeping = await keep('2-1');
    expect(await claimOf(keeping)).toBeNull();
    keeping.settle(false);
    await keeping.flush();
    expect(await bed.record()).toMatchObject({ runId: '2-1', landed: null });
    await keeping.finish();
  });

  test('the next attempt of the same run does not wait', async () => {
    await left();
    const keeping = await keep('1-2', ['1-1']);
    expect(await claimOf(keeping)).toBeNull();
    expect(keeping.earlier).toMatchObject({ runId: '1-1' });
    await keeping.finish();
  });

  test('a server that refuses the push is an error of the claim, with its words', async () => {
    await bed.refuse('branches of this name are not allowed');
    await expect(claimOf(await keep('1-1'))).rejects.toMatchObject({
      code: 'push-refused',
      message: expect.stringContaining('branches of this name are not allowed'),
    });
  });
});

describe('a run that was asked to stop', () => {
  test('is let come to its end before the next one begins', async () => {
    await left({ stop: { by: 'ben', atMs: 0 } });
    const next = keep('2-1');
    const ended: boolean[] = [];
    void next.then(() => ended.push(true));
    for (let i = 0; i < 3; i++) {
      await settledGit();
      await clock.advance(5_000);
    }
    expect(ended).toEqual([]);
    await left({ phase: 'stopped' });
    await until(async () => {
      await clock.advance(5_000);
      return ended.length > 0;
    });
    expect((await next).earlier).toMatchObject({ runId: '1-1', phase: 'stopped' });
  });

  test('learns of it', async () => {
    const keeping = await keep('1-1');
    expect(await claimOf(keeping)).toBeNull();
    await requestStop(bed.file(), 'ben', { nowMs: clock.now(), clean: asIs });
    await until(async () => {
      await clock.advance(15_000);
      return stops.length > 0;
    });
    expect(stops).toEqual(['1-1: ben']);
    await keeping.finish();
  });

  test('learns of another run that has taken over, and publishes nothing then', async () => {
    const keeping = await keep('1-1');
    await claimOf(keeping);
    await left({ runId: '2-1' });
    await until(async () => {
      await clock.advance(15_000);
      return stops.length > 0;
    });
    expect(stops).toEqual(['1-1: run 2-1, which has taken over']);
    expect(keeping.isLost()).toBe(true);
    await keeping.finish();
    expect((await bed.record())?.runId).toBe('2-1');
  });
});

test('runs that end at once are both in the list of runs', async () => {
  const file = () =>
    createBranchFile({
      ...{ git: bed.machine(), anyId: bed.base, file: historyFile },
      branch: 'ai/state/runs',
      subject: 'Runs',
    });
  const line = (runId: string) => ({ runId, atMs: 0, actor: 'ann', costNanoUsd: 1, tasks: [] });
  await Promise.all(['1-1', '2-1', '3-1'].map((runId) => recordRuns(file(), [line(runId)], { clean: asIs })));
  const runs = parseHistory((await file().read())?.text ?? '').map(({ runId }) => runId);
  expect([...runs].sort()).toEqual(['1-1', '2-1', '3-1']);
  expect(branch).not.toBe('ai/state/runs');
});

/** Real git takes its time before it waits for the clock again. */
async function settledGit(): Promise<void> {
  const before = bed.server.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (bed.server.seen.length !== before) await settledGit();
  await settled();
}
