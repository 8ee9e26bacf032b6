// A runner of one's own that starts the step of an attempt again, or has a job with several steps of ours.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { agent, finish, moduleTask, plan, writeModule } from '../support/scenario-model.ts';
import { closeProjects, expectStatus, startProject, WRITER, type ScenarioRun } from '../support/scenario.ts';

let runnerTemp: string;
beforeEach(async () => {
  runnerTemp = await mkdtemp(join(tmpdir(), 'runner-temp-'));
});
afterEach(async () => {
  await closeProjects();
  await rm(runnerTemp, { recursive: true, force: true });
});
const rerun = { runId: 101, attempt: 1 };
const goodbye = [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), finish())];

test('a second process beside a living one says so and does nothing, and the first comes to its end', async () => {
  const project = await startProject();
  const event = await project.labelled(WRITER);
  const seconds: ScenarioRun[] = [];
  const meanwhile = async () => {
    // What the living one has in its folders is not the second one's doing.
    seconds.push(await project.run(event, { model: [], rerun, runnerTemp, tolerates: [/^left behind|still running/] }));
    return finish();
  };
  const first = await project.run(event, {
    model: [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), meanwhile)],
    ...{ rerun, runnerTemp },
  });
  expectStatus(first, 'opened');
  expect(seconds[0]).toMatchObject({ exitCode: 1, outputs: { status: 'failed' }, modelRequests: [] });
  expect(seconds[0]?.log).toMatch(/The run 101-1 is still going, in process \d+/);
  expect(await readdir(join(runnerTemp, 'ai-implement'))).toEqual(['101-1']);
});

test('two steps of one job, a plan and then the work, are two runs with one progress comment', async () => {
  const project = await startProject();
  const planned = await project.run(await project.dispatched(WRITER, { 'issue-number': '1', command: 'plan' }), {
    model: [plan(moduleTask('TASK-001', 'goodbye'))],
    ...{ rerun, runnerTemp },
  });
  expectStatus(planned, 'planned');
  const event = await project.dispatched(WRITER, { 'issue-number': '1', command: 'run' });
  const built = await project.run(event, { model: goodbye, rerun, runnerTemp });
  expectStatus(built, 'opened');
  expect(built.comments).toHaveLength(1);
  expect(built.comments[0]?.body).toContain('Opened');
  expect((await readdir(join(runnerTemp, 'ai-implement'))).sort()).toEqual(['101-1', '101-1.2']);
  expect((await readdir(join(runnerTemp, 'ai-implement/101-1.2'))).sort()).toEqual([
    'journal.jsonl',
    'logs',
    'report.html',
  ]);
});
