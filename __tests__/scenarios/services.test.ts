// What GitHub and the model's service refuse or delay, and what a repository or a workflow lacks.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../testbed/github/types.ts';
import { fail } from '../../testbed/model/script.ts';
import {
  agent,
  finish,
  manager,
  moduleTask,
  plan,
  reply,
  task,
  write,
  writeModule,
} from '../support/scenario-model.ts';
import {
  closeProjects,
  expectStatus,
  startProject,
  WRITER,
  type Project,
  type RunOptions,
  type ScenarioRun,
} from '../support/scenario.ts';

afterEach(closeProjects);

const thePlan = reply([moduleTask('TASK-001', 'goodbye')]);
const goodbye = [manager(thePlan), agent('TASK-001', writeModule('goodbye'), finish())];
const label = async (project: Project, options: RunOptions = {}): Promise<ScenarioRun> =>
  project.run(await project.labelled(WRITER), { model: goodbye, ...options });

/** The manager's turn, after which the pull request is refused so; what was asked beforehand is answered by then. */
const refusingPull = ({ github }: Project, fault: Omit<Fault, 'path'>) =>
  manager(async () => {
    const isAsked = () => github.log.some(({ method, path }) => method === 'POST' && path.endsWith('/pulls'));
    for (let waited = 0; !isAsked() && waited < 20_000; waited += 20) await sleep(20);
    github.fault({ method: 'POST', path: /\/pulls$/, ...fault });
    return thePlan;
  });

describe('a service that recovers', () => {
  test('is asked again: the model answers 529 to the manager and to an agent', async () => {
    const busy = fail(529, { headers: { 'retry-after': '1' } });
    const run = await label(await startProject(), {
      model: [manager(busy, thePlan), agent('TASK-001', busy, writeModule('goodbye'), finish())],
    });
    expect(run.outputs).toMatchObject({ status: 'opened', 'api-calls': '3' });
    expect(run.log).toMatch(/overloaded|529/i);
  });

  test('is asked again: GitHub answers 403 for its secondary limit', async () => {
    const project = await startProject();
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    const limited = { status: 403, body: { message }, headers: { 'retry-after': '1' } };
    project.github.fault({ method: 'POST', path: /\/issues\/1\/comments/, ...limited });
    const run = await label(project, { model: [refusingPull(project, limited), ...goodbye.slice(1)] });
    expectStatus(run, 'opened');
    expect(run.pullRequests).toHaveLength(1);
    expect(run.comments).toHaveLength(1);
    expect(run.log).toContain('trying again in 1 s');
  });
});

describe('a permission that the job lacks is named', () => {
  test('contents: before any agent works', async () => {
    const run = await label(await startProject(), {
      permissions: { contents: 'read', issues: 'write', 'pull-requests': 'write' },
    });
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'The GitHub token may not push branches');
    expectSaid(run, 'contents: write');
    expect(run.modelRequests.length).toBeLessThanOrEqual(1);
    expect(Object.keys(run.branches)).toEqual(['main']);
  });

  test('pull-requests: before any agent works', async () => {
    const run = await label(await startProject(), { permissions: { contents: 'write', issues: 'write' } });
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'pull-requests: write');
    expect(run.modelRequests.length).toBeLessThanOrEqual(1);
    expect(Object.keys(run.branches)).toEqual(['main']);
  });

  test('pull-requests: taken away meanwhile, and the work is saved on its branches', async () => {
    const project = await startProject();
    const body = { message: 'Resource not accessible by integration' };
    const headers = { 'x-accepted-github-permissions': 'pull_requests=write' };
    const run = await label(project, {
      model: [refusingPull(project, { status: 403, body, headers }), ...goodbye.slice(1)],
    });
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'pull-requests: write');
    expect(run.comments[0]?.body).toContain('`ai/issue-1`');
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
  });

  test('issues: in a warning, and the pull request is opened all the same', async () => {
    const run = await label(await startProject(), { permissions: { contents: 'write', 'pull-requests': 'write' } });
    expect(run.log).toContain('issues: write');
    expectStatus(run, 'opened');
    expect(run.pullRequests[0]?.body).toContain('issues: write');
  });

  test('the setting that forbids Actions to open pull requests is named, too', async () => {
    const run = await label(await startProject({ actionsMayOpenPullRequests: false }));
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'Settings, Actions, General');
    expect(run.modelRequests.length).toBeLessThanOrEqual(1);
    expect(run.pullRequests).toEqual([]);
  });
});

describe('what keeps a run from starting is told once, where people look', () => {
  test('no API key', async () => {
    const run = await label(await startProject(), { inputs: { 'anthropic-api-key': '' } });
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'There is no API key for the provider');
    expect(run.comments[0]?.body).toContain('set the input "anthropic-api-key"');
    expect(run).toMatchObject({ reactions: [], modelRequests: [], outputs: { status: 'failed' } });
  });

  test('a key that the service refuses', async () => {
    const run = await label(await startProject(), {
      inputs: { 'anthropic-api-key': 'sk-ant-api03-expired' },
      tolerates: [/^model: 401/],
    });
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'refused the key');
  });

  test('a configuration with several faults', async () => {
    const config = { modle: 'x', limits: { cost_limit_usd: 'many' }, coordination: { max_iterations: -1 } };
    const project = await startProject({ with: { 'orchestrator-config.json': JSON.stringify(config) } });
    const run = await label(project);
    expect(run.exitCode).toBe(1);
    for (const key of ['modle', 'limits.cost_limit_usd', 'coordination.max_iterations']) expectSaid(run, key);
    expect(run.comments).toHaveLength(1);
    expect(run).toMatchObject({ reactions: [], modelRequests: [] });
  });

  test('an empty repository', async () => {
    const run = await label(await startProject({ files: null }));
    expect(run.exitCode).toBe(1);
    expectSaid(run, 'The repository has no commit yet');
    expect(run).toMatchObject({ reactions: [], modelRequests: [], branches: {} });
  });
});

test('a dispatch that asks for nothing is told what it lacks', async () => {
  const project = await startProject();
  const run = await project.run(await project.dispatched(WRITER, {}));
  expect(run.exitCode).toBe(1);
  expectStatus(run, 'failed');
  expect(run.annotations).toMatchObject([
    { level: 'error', message: expect.stringContaining('Give `issue-number` or `feature`') },
  ]);
  expect(run.outputs['stop-reason']).toContain('Neither an issue nor a feature text was given');
});

/** In the log and in the one comment. */
function expectSaid(run: ScenarioRun, words: string): void {
  expect(run.log).toContain(words);
  expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(run.comments).toHaveLength(1);
  expect(run.comments[0]?.body).toContain(words);
}

describe('a repository', () => {
  test('without tests gets its pull request, which says that nothing was measured', async () => {
    const project = await startProject({ files: { 'README.md': '# Notes\n' } });
    const run = await label(project, {
      model: [
        plan(task('TASK-001', { acceptance: [] })),
        agent('TASK-001', write({ 'goodbye.md': 'Goodbye.\n' }), finish()),
      ],
    });
    expectStatus(run, 'opened');
    expect(run.pullRequests[0]?.body).toContain('**Nothing was measured.**');
  });

  test('with a failing test keeps that apart from the change', async () => {
    const failing = "import test from 'node:test';\ntest('was never right', () => { throw new Error('no'); });\n";
    const project = await startProject({ with: { 'test/old.test.js': failing } });
    const run = await label(project);
    expectStatus(run, 'opened');
    expect(run.pullRequests[0]?.body).toContain('was failing already');
    expect(run.pullRequests[0]?.body).toMatch(/Already failing before it \(1\)\*\*\n\n- was never right/);
  });

  test('checked out with a depth of 1 is enough', async () => {
    const project = await startProject();
    const run = await label(project, { depth: 1 });
    expectStatus(run, 'opened');
    expect(await project.subjects('ai/issue-1')).toEqual(['Say goodbye', 'chore: first commit']);
  });
});
