import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPlace, type ActionPlace } from '../src/action-place.ts';
import { openJournal } from '../src/adapters/journal-file.ts';
import { lockRun } from '../src/adapters/run-lock.ts';
import type { RunEvent } from '../src/events.ts';
import { noUsage } from '../src/money/usage.ts';
import type { AskedRun } from '../src/record/asked-run.ts';

const asked: AskedRun = { command: 'run', options: { 'issue-number': '1' }, commit: 'c'.repeat(40), branch: 'main' };

let tempDir: string;
beforeEach(() => {
  tempDir = mkdtempSync(join(tmpdir(), 'place-'));
});
afterEach(() => rmSync(tempDir, { recursive: true }));

const open = (more: Partial<AskedRun> = {}, version = '1.0.0'): Promise<ActionPlace> =>
  openPlace({ tempDir, id: '101-1', version }, Promise.resolve({ ...asked, ...more }));

/** What a process leaves that has told so much of itself. */
function told({ runDir, runId, asked: answer }: ActionPlace, ...events: readonly RunEvent[]): void {
  const journal = openJournal({
    path: join(runDir, 'journal.jsonl'),
    runId,
    clock: { now: () => 0 },
    redact: (text) => text,
  });
  journal.emit({ type: 'call.ended', call: 'asked', answer });
  for (const event of events) journal.emit(event);
  journal.close();
  mkdirSync(join(runDir, 'store'), { recursive: true });
}
const ended: RunEvent = { type: 'run.ended', outcome: { kind: 'planned' }, usage: noUsage, durationMs: 1 };

/** Its process is dead: nothing was put away, and the lock is that of a process that is gone. */
function killed(place: ActionPlace): void {
  writeFileSync(join(tempDir, 'ai-implement/101-1/lock'), JSON.stringify({ pid: 1, startedAt: 'long ago' }));
  expect(existsSync(place.scratchDir)).toBe(true);
}

describe('the end', () => {
  test('of a run that came to its end leaves its journal, and nothing that only a living run needs', async () => {
    const place = await open();
    told(place, ended);
    await place.leave(true);
    expect(readdirSync(tempDir)).toEqual(['ai-implement']);
    expect(readdirSync(place.runDir)).toEqual(['journal.jsonl']);
  });

  test('of a run that failed before its end leaves the objects that its journal names', async () => {
    const place = await open();
    told(place);
    await place.leave(false);
    expect(readdirSync(place.runDir).sort()).toEqual(['journal.jsonl', 'store']);
    expect(readdirSync(tempDir)).toEqual(['ai-implement']);
  });

  test('of what never became a run leaves nothing', async () => {
    await (await open()).leave(false);
    expect(readdirSync(join(tempDir, 'ai-implement'))).toEqual([]);
  });
});

describe('the next process of the same attempt', () => {
  test('goes on with a run that was killed, and removes what it had for itself alone', async () => {
    const first = await open();
    told(first);
    killed(first);
    const next = await open();
    expect(next).toMatchObject({ runId: '101-1', runDir: first.runDir, storeDir: first.storeDir, earlierRunIds: [] });
    expect(existsSync(first.scratchDir)).toBe(false);
    expect(next.scratchDir).not.toBe(first.scratchDir);
    await next.leave(false);
  });

  test('goes on with one that was killed after its end, before its last words', async () => {
    const first = await open();
    told(first, ended);
    killed(first);
    const next = await open();
    expect(next.runId).toBe('101-1');
    await next.leave(true);
  });

  test('begins the journal again that was killed in its first line', async () => {
    const first = await open();
    writeFileSync(join(first.runDir, 'journal.jsonl'), '{"journ');
    killed(first);
    const next = await open();
    expect(next.runId).toBe('101-1');
    await next.leave(false);
  });

  const others: readonly (readonly [what: string, more: Partial<AskedRun>, version: string])[] = [
    ['other inputs', { options: { 'issue-number': '2' } }, '1.0.0'],
    ['another commit', { commit: 'd'.repeat(40) }, '1.0.0'],
    ['another version', {}, '1.0.1'],
  ];
  test.each(others)('is a start of its own with %s', async (_what, more, version) => {
    const first = await open();
    told(first, { type: 'run.started', runId: '101-1', version: '1.0.0', trigger, model: 'm', limits });
    killed(first);
    const before = readFileSync(join(first.runDir, 'journal.jsonl'), 'utf8');
    const next = await open(more, version);
    expect(next).toMatchObject({ runId: '101-1.2', earlierRunIds: ['101-1'] });
    await next.leave(false);
    expect(readdirSync(join(tempDir, 'ai-implement'))).toEqual(['101-1']);
    expect(readFileSync(join(first.runDir, 'journal.jsonl'), 'utf8')).toBe(before);
  });

  test('is a start of its own after each run that came to its end', async () => {
    for (const runId of ['101-1', '101-1.2', '101-1.3']) {
      const place = await open();
      expect(place.runId).toBe(runId);
      told(place, ended);
      await place.leave(true);
    }
  });

  test('is refused while a living process is at work, and touches nothing of its', async () => {
    const first = await open();
    told(first);
    await expect(open()).rejects.toMatchObject({
      code: 'run-is-going',
      message: expect.stringContaining(String(process.pid)),
    });
    expect(existsSync(first.scratchDir)).toBe(true);
    expect(existsSync(first.storeDir)).toBe(true);
    await first.leave(false);
    lockRun(first.runDir, '101-1')();
  });

  test('refuses a journal of another version, and leaves it as it is', async () => {
    const first = await open();
    const path = join(first.runDir, 'journal.jsonl');
    writeFileSync(path, '{"journal":9,"runId":"101-1"}\n');
    killed(first);
    await expect(open()).rejects.toMatchObject({ code: 'journal-version' });
    expect(readFileSync(path, 'utf8')).toBe('{"journal":9,"runId":"101-1"}\n');
    expect(readdirSync(tempDir)).toEqual(['ai-implement']);
  });
});

const trigger = {
  ...({ source: 'label', command: 'run', repository: null, issueNumber: 1, pullRequestNumber: null } as const),
  ...{ commentId: null, actor: 'ann', at: null, feature: null, instructions: '', snapshot: null },
};
const limits = { maxApiCalls: null, tokenBudget: null, costLimitNanoUsd: null, maxTurnsPerTask: 40, timeoutMs: null };
