// A run whose machine is lost, or that is stopped: the next start finds in the repository what was done.
import { afterEach, describe, expect, test } from '@jest/globals';
import { historyBranch, stateBranch } from '../../src/branch-names.ts';
import { agent, bash, finish, moduleTask, plan, writeModule } from '../support/scenario-model.ts';
import { closeProjects, expectStatus, startProject, WRITER, type Project } from '../support/scenario.ts';

afterEach(closeProjects);

const both = plan(
  moduleTask('TASK-001', 'goodbye', { estimated_turns: 32 }),
  moduleTask('TASK-002', 'thanks', { estimated_turns: 32, assigned_to: 'frontend-dev' }),
);
const done = (name: string, number: number) => agent(`TASK-00${number}`, writeModule(name), finish());
const stateOf = async (project: Project) =>
  JSON.parse(await project.fileOn(stateBranch('ai', 'issue-1'), 'state.json'));

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Runs until the second task is asked for and the first is on record, then does `strike`; the model never answers it. */
async function interrupted(project: Project, how: 'lose' | 'cancel') {
  const end = new AbortController();
  const strike = async () => {
    await waitFor(async () => (await stateOf(project)).landed?.results.length === 1);
    end.abort();
    await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
    return finish();
  };
  const event = await project.labelled(WRITER);
  const model = [both, done('goodbye', 1), agent('TASK-002', bash('ls'), strike)];
  const run = await project.run(event, { model, [how]: end.signal, tolerates: [/.*/] });
  return { run, event };
}

describe('when the machine is lost, the second attempt', () => {
  test('takes over the plan and the finished task, and does only the rest', async () => {
    const project = await startProject();
    const { event } = await interrupted(project, 'lose');
    const before = await stateOf(project);
    expect(before).toMatchObject({ phase: 'running', runId: '101-1' });
    const again = await project.run(event, { model: [done('thanks', 2)], rerun: { runId: 101, attempt: 2 } });
    expectStatus(again, 'opened');
    expect(again.pullRequests).toHaveLength(1);
    expect(again.comments).toHaveLength(1);
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
    expect(await project.fileOn('ai/issue-1', 'src/thanks.js')).toContain('thanks');
    expect(Number(again.outputs['api-calls'])).toBeGreaterThan(again.modelRequests.length);
    expect(await stateOf(project)).toMatchObject({ phase: 'ended', runId: '101-2', outcome: 'opened' });
    const runs = JSON.parse(await project.fileOn(historyBranch('ai'), 'runs.json'));
    expect(runs.runs.map(({ runId }: { runId: string }) => runId).sort()).toEqual(['101-1', '101-2']);
  });
});

describe('when the job is cancelled', () => {
  test('the run says so in time, keeps what was done, and a later start goes on from it', async () => {
    const project = await startProject();
    const { run } = await interrupted(project, 'cancel');
    expect(run.comments[0]?.body).toMatch(/stopped by the signal SIGINT/);
    expect(run.outputs['stop-reason']).toContain('The run was stopped by the signal SIGINT.');
    expect(run.log).toContain('signal SIGINT');
    expect(run.summary).toContain('signal SIGINT');
    expect(run.exitCode).toBe(0);
    expect(await stateOf(project)).toMatchObject({ phase: 'stopped', stop: null });
    const again = await project.run(await project.labelled(WRITER), { model: [done('thanks', 2)] });
    expect(again.pullRequests).toHaveLength(1);
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
    expect(await project.fileOn('ai/issue-1', 'src/thanks.js')).toContain('thanks');
  });
});

describe('a second run about the same', () => {
  test('says who is at work, and changes nothing', async () => {
    const project = await startProject();
    await interrupted(project, 'lose');
    const before = await project.branches();
    const second = await project.run(await project.labelled(WRITER), { model: [] });
    expectStatus(second, 'skipped');
    expect(second.exitCode).toBe(0);
    expect(second.outputs['stop-reason']).toMatch(/^Run 101-1, started by writer at .*is at work on this already/);
    expect(second.comments.at(-1)?.body).toContain('Run 101-1, started by writer');
    expect(second.modelRequests).toHaveLength(0);
    expect(await project.branches()).toEqual(before);
  });
});

test('a comment stops the run that is at work, which keeps what is done', async () => {
  const project = await startProject();
  const waiting = async () => {
    await waitFor(async () => (await stateOf(project)).landed?.results.length === 1);
    await project.run(await project.commented(WRITER, '/ai-implement stop'));
    await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
    return finish();
  };
  const run = await project.run(await project.labelled(WRITER), {
    model: [both, done('goodbye', 1), agent('TASK-002', bash('ls'), waiting)],
    tolerates: [/.*/],
  });
  expectStatus(run, 'partial');
  expect(run.outputs['stop-reason']).toContain('The run was stopped by writer.');
  expect(await stateOf(project)).toMatchObject({ phase: 'stopped', stop: { by: 'writer' } });
  expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
});
