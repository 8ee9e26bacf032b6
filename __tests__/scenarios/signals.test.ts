// A run that is told to stop by a signal: from the runner that cancels a job, from Ctrl-C, from whoever ends a process.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { stateBranch } from '../../src/branch-names.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import { call, say } from '../../testbed/model/script.ts';
import { git, writeFiles } from '../adapters/git-bed.ts';
import { agent, bash, manager, moduleTask, plan, writeModule } from '../support/scenario-model.ts';
import { closeProjects, expectStatus, startProject, WRITER } from '../support/scenario.ts';
import { addFiles, openLocalBed, type LocalBed } from '../support/local-bed.ts';

const never = (): Promise<never> => new Promise((_resolve, reject) => setTimeout(reject, 60_000).unref());

describe('a cancelled job', () => {
  afterEach(closeProjects);

  test('says that it was stopped and pushes the work that is not finished, before GitHub kills it', async () => {
    const project = await startProject();
    const end = new AbortController();
    const strike = () => {
      end.abort();
      return never();
    };
    const run = await project.run(await project.labelled(WRITER), {
      model: [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), bash('ls'), strike)],
      cancel: end.signal,
    });
    expectStatus(run, 'partial');
    expect(run.exitCode).toBe(0);
    expect(run.outputs['stop-reason']).toContain('The run was stopped by the signal SIGINT.');
    expect(run.comments[0]?.body).toMatch(/Stopped.*The run was stopped by the signal SIGINT/s);
    const [branch = ''] = Object.keys(run.branches).filter((name) => name.startsWith('ai/agents/'));
    expect(await project.fileOn(branch, 'src/goodbye.js')).toContain('goodbye');
    expect(JSON.parse(await project.fileOn(stateBranch('ai', 'issue-1'), 'state.json'))).toMatchObject({
      phase: 'stopped',
    });
  });

  test('that was still planning was stopped, and has not failed', async () => {
    const project = await startProject();
    const end = new AbortController();
    const strike = () => {
      end.abort();
      return never();
    };
    const run = await project.run(await project.labelled(WRITER), { model: [manager(strike)], cancel: end.signal });
    expectStatus(run, 'partial');
    expect(run.exitCode).toBe(0);
    expect(run.outputs['stop-reason']).toBe('The run was stopped by the signal SIGINT.');
    expect(run.comments).toHaveLength(1);
    expect(run.comments[0]?.body).toMatch(/Stopped/);
    expect(run.comments[0]?.body).not.toMatch(/did not answer/);
  });
});

describe('a run in a terminal', () => {
  let bed: LocalBed;
  afterEach(() => bed.close());

  const events = () =>
    readJournal(readFileSync(`${bed.runs()[0] ?? ''}/journal.jsonl`, 'utf8')).entries.map(({ event }) => event);

  /** @param strikes one for each process: done to it while it waits for the second turn */
  async function struck(...strikes: readonly ((pid: number) => unknown)[]) {
    const waiting = [...strikes];
    let pid = 0;
    bed = await openLocalBed([
      say(call('write', { path: 'one.js', content: 'new\n' })),
      () => {
        waiting.shift()?.(pid);
        return never();
      },
    ]);
    return (args: readonly string[], through: readonly string[] = []) => {
      const { child, ended } = bed.start(args, through);
      pid = child.pid ?? 0;
      return ended;
    };
  }

  /** A git that takes its time to commit, so that there is time between a signal and the end. */
  async function slowCommits(): Promise<readonly string[]> {
    const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\ncase "$*" in *commit-tree*) sleep 3 ;; esac\nexec ${git} "$@"\n`;
    await writeFiles(bed.project, { '../bin/git': { script } });
    return ['env', `PATH=${join(bed.project, '../bin')}:${process.env['PATH'] ?? ''}`];
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('keeps what was done at %s, says so, and ends with 130', async (signal) => {
    // To the whole group, as Ctrl-C of a terminal does: git children are at work, too.
    const start = await struck((pid) => process.kill(-pid, signal));
    const { code, output } = await start(addFiles);
    expect({ code, output }).toMatchObject({
      code: 130,
      output: expect.stringContaining(`stopped by the signal ${signal}`),
    });
    const branches = git(bed.project, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/ai').split('\n');
    expect(branches).toEqual([
      expect.stringMatching(/^ai\/agents\/.*\/task-001$/),
      expect.stringMatching(/^ai\/feature-/),
    ]);
    for (const branch of branches) expect(git(bed.project, 'show', `${branch}:one.js`)).toBe('new');
    expect(events().at(-1)).toMatchObject({ type: 'run.ended', outcome: { kind: 'partial' } });
    expect(events()).toContainEqual({ type: 'stop.requested', by: `the signal ${signal}` });
  });

  test('ends at once at a second signal, and goes on from its journal when it is started again', async () => {
    const twice = async (pid: number) => {
      process.kill(pid, 'SIGINT');
      while (!events().some(({ type }) => type === 'stop.requested')) await sleep(10);
      process.kill(pid, 'SIGINT');
    };
    const start = await struck(twice, (pid) => process.kill(pid, 'SIGKILL'));
    expect((await start(addFiles, await slowCommits())).code).toBeNull();
    expect(events().at(-1)?.type).not.toBe('run.ended');
    await start(['resume']);
    expect(events()).toContainEqual(expect.objectContaining({ type: 'run.resumed', replies: 2 }));
  });
});
