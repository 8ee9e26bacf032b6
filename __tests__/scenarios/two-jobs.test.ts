// From the event to the pull request with the workflow files that are shipped, each job with a token of its own permissions.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ParsedRequest } from '../../testbed/model/parse-request.ts';
import { asksForJson, type Line } from '../../testbed/model/script.ts';
import { agent, finish, moduleTask, plan, reply, writeModule } from '../support/scenario-model.ts';
import { REPOSITORY, WRITER } from '../support/scenario.ts';
import { closeWorkflowProjects, startWorkflowProject, type WorkflowProject } from '../support/workflow-scenario.ts';

afterEach(closeWorkflowProjects);

const TASK_BRANCH = 'ai/agents/issue-1/backend-dev/task-001';
const goodbye = [
  plan(moduleTask('TASK-001', 'goodbye')),
  agent('TASK-001', writeModule('goodbye'), finish('It says goodbye now.')),
];
const resultsOf = (run: { readonly jobs: readonly { id: string; result: string }[] }) =>
  Object.fromEntries(run.jobs.map(({ id, result }) => [id, result]));

describe('the workflow of two jobs, as it is shipped', () => {
  test('makes a label into a pull request; the job with the key cannot write, the job that writes has no key', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const run = await project.run(await project.labelled(WRITER));

    expect(resultsOf(run)).toEqual({ agent: 'success', publish: 'success', stop: 'skipped' });
    expect(run.job('agent').permissions).toEqual({ contents: 'read', issues: 'write', 'pull-requests': 'read' });
    expect(Object.keys(run.calls.get('publish')?.with ?? {}).sort()).toEqual(
      ['feature', 'issue-number', 'job', 'manifest-sha256', 'result-dir'], // and none of the keys
    );
    expect(await project.pullRequests()).toMatchObject([
      { title: 'AI: Teach it to say goodbye', draft: false, head: { ref: 'ai/issue-1' }, base: { ref: 'main' } },
    ]);
    const branches = await project.branches();
    expect(branches['ai/issue-1']).toBe(branches[TASK_BRANCH]);
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain("'goodbye'");
    await expectTexts(project);
    await expectRefused(project, run.job('agent').token);
  });

  test('warns of nothing, and asks for no push where pushing is not allowed', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const run = await project.run(await project.labelled(WRITER));
    for (const id of ['agent', 'publish']) {
      expect(run.log(id)).not.toMatch(/Warning|::warning|403/);
      expect(run.job(id).steps.flatMap(({ annotations }) => annotations ?? [])).toEqual([]);
    }
    const pushes = project.github.log.filter(({ path }) => path.includes('git-receive-pack'));
    expect(pushes.filter(({ status }) => status !== 200)).toEqual([]);
    // The list of runs, for limits by day: written by the job that may.
    expect(JSON.parse(await project.fileOn('ai/state/runs', 'runs.json'))).toMatchObject({
      runs: [{ runId: '101-1', actor: WRITER, costNanoUsd: expect.any(Number), tasks: [{ role: 'backend-dev' }] }],
    });
  });

  test('goes on with its own pull request, on its head', async () => {
    const isMore = ({ openingText }: ParsedRequest): boolean => openingText.includes('more of it, please');
    const more: Line = {
      match: (request) => request.ownText.includes('## Task TASK-001') && isMore(request),
      turns: [writeModule('farewell'), finish()],
    };
    const planMore: Line = {
      match: (request) => asksForJson(request) && isMore(request),
      turns: [reply([moduleTask('TASK-001', 'farewell')])],
    };
    const project = await startWorkflowProject({ model: [planMore, more, ...goodbye] });
    await project.run(await project.labelled(WRITER));
    const first = (await project.branches())['ai/issue-1'];
    const run = await project.run(await project.commented(WRITER, '/ai-implement more of it, please', 2));
    expect(resultsOf(run)).toMatchObject({ agent: 'success', publish: 'success' });
    expect(run.job('publish').steps.at(-1)?.outputs).toMatchObject({ status: 'updated', 'pull-request-number': '2' });
    expect(await project.subjects('ai/issue-1')).toHaveLength(3);
    expect((await project.branches())['ai/issue-1']).not.toBe(first);
    expect(run.log('agent')).not.toContain('Warning');
  });

  test('takes a feature text by hand, and a base branch that has moved on between its jobs', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const event = await project.dispatched(WRITER, { feature: 'say goodbye, too' });
    const run = await project.run(event, {
      between: async (job) => {
        if (job.id === 'agent') await project.github.seedRepository(REPOSITORY, { 'NEWS.md': 'Meanwhile.\n' });
        return job;
      },
    });
    expect(resultsOf(run)).toEqual({ agent: 'success', publish: 'success', stop: 'skipped' });
    const branch = run.job('publish').steps.at(-1)?.outputs?.['branch'] ?? '';
    expect(branch).toMatch(/^ai\/feature-say-goodbye-too-[0-9a-f]{6}$/);
    expect(await project.pullRequests()).toMatchObject([{ title: 'AI: say goodbye, too', head: { ref: branch } }]);
    expect(await project.subjects('main')).toHaveLength(2);
    expect(run.groups).toEqual(['ai-implement-101']);
  });

  test('only plans without a second job', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const run = await project.run(await project.commented(WRITER, '/ai-implement plan'));
    expect(resultsOf(run)).toEqual({ agent: 'success', publish: 'skipped', stop: 'skipped' });
    expect(run.job('agent').steps.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'skipped']);
  });

  test('starts nothing for other comments, and stands in no line with them', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const run = await project.run(await project.commented(WRITER, 'Looks good.'));
    expect(resultsOf(run)).toEqual({ agent: 'skipped', publish: 'skipped', stop: 'skipped' });
    expect(run.groups).toEqual(['ai-implement-101']);
  });
});

/** One comment on the issue, begun by the one job and ended by the other; what is reported and what is checked told apart. */
async function expectTexts(project: WorkflowProject): Promise<void> {
  const comments = await project.comments(1);
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('✅ Opened pull request [#2]');
  const [pullRequest] = await project.pullRequests();
  const [summary] = await project.comments(2);
  for (const text of [pullRequest?.body, summary?.body]) {
    expect(text).toContain('The job that published this ran none of this code.');
    expect(text).toContain('1 commit on 2 branches');
    expect(text).toContain('| test `npm test` | ✅ 1 passed | ✅ 2 passed | still passes |');
  }
  expect(pullRequest?.body).toContain('Closes #1');
}

/** GitHub itself refuses what the agents' job could try with its token. */
async function expectRefused({ github, branches }: WorkflowProject, token: string): Promise<void> {
  const main = (await branches())['main'] ?? '';
  const header = `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  const push = ['push', github.cloneUrl(REPOSITORY), `${main}:refs/heads/ai/agents/mine`];
  const git = promisify(execFile)('git', [
    ...['-C', github.bareRepository(REPOSITORY), '-c', `http.extraheader=${header}`],
    ...push,
  ]);
  await expect(git).rejects.toThrow(/403/);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = async (path: string, body: unknown) =>
    (await fetch(`${github.url}/repos/${REPOSITORY}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
      .status;
  expect(await post('git/refs', { ref: 'refs/heads/ai/mine', sha: main })).toBe(403);
  expect(await post('pulls', { title: 'x', head: 'ai/issue-1', base: 'main' })).toBe(403);
  expect(await post('issues/1/comments', { body: 'A comment is allowed.' })).toBe(201);
  expect(Object.keys(await branches())).not.toContain('ai/agents/mine');
}

describe('a run of two jobs that does not come to its end', () => {
  test('names the permission that its second job lacks; that job alone, run again, opens the pull request', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const event = await project.labelled(WRITER);
    const lacking = await project.run(event, {
      edit: (text) => text.replace('pull-requests: write # open', 'pull-requests: read # open'),
    });
    expect(resultsOf(lacking)).toMatchObject({ agent: 'success', publish: 'failure' });
    expect(lacking.log('publish')).toContain('may not open a pull request: it lacks `pull-requests: write`');
    expect((await project.comments(1))[0]?.body).toContain('pull-requests: write');
    const asked = project.model.requests.length;
    const again = await project.run(event, { earlier: [lacking.job('agent')], runAttempt: 2 });
    expect(again.job('publish')).toMatchObject({ result: 'success' });
    expect(again.job('publish').steps.at(-1)?.outputs).toMatchObject({ status: 'opened' });
    expect(await project.comments(1)).toHaveLength(1);
    expect(project.model.requests).toHaveLength(asked);
  });

  test('hands over what it has when it is cancelled, and a draft is opened', async () => {
    const cancel = new AbortController();
    const stuck = async () => {
      cancel.abort();
      await sleep(60_000, undefined, { ref: false });
      return finish();
    };
    const project = await startWorkflowProject({
      model: [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), stuck)],
    });
    const run = await project.run(await project.labelled(WRITER), { cancel: cancel.signal });
    expect(resultsOf(run)).toMatchObject({ agent: 'cancelled' });
    expect(run.log('publish')).toContain('Taken in: 1 commit');
    expect(await project.pullRequests()).toMatchObject([{ draft: true, head: { ref: 'ai/issue-1' } }]);
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
  });

  test('is stopped by a comment that waits in no line, and opens a draft', async () => {
    let stopped: Promise<unknown> = Promise.resolve();
    let project: WorkflowProject | null = null;
    const long = async () => {
      stopped = stop();
      await sleep(60_000, undefined, { ref: false });
      return finish();
    };
    const stop = async () => {
      if (project === null) throw new Error('nothing runs yet');
      const event = await project.commented(WRITER, '/ai-implement stop');
      return project.run(event);
    };
    project = await startWorkflowProject({
      model: [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), long)],
    });
    const run = await project.run(await project.labelled(WRITER));
    expect(run.groups).toEqual(['ai-implement-1']);
    expect(await stopped).toMatchObject({
      groups: ['ai-implement-102'],
      jobs: [
        { id: 'agent', result: 'skipped' },
        { id: 'publish', result: 'skipped' },
        { id: 'stop', result: 'success' },
      ],
    });
    expect(resultsOf(run)).toMatchObject({ agent: 'success', publish: 'success' });
    const [pullRequest] = await project.pullRequests();
    expect(pullRequest).toMatchObject({ draft: true });
    expect(pullRequest?.body).toContain(`stopped by ${WRITER}`);
  });
});

describe('the workflow of one job, as it is shipped', () => {
  test('makes a label into a pull request', async () => {
    const project = await startWorkflowProject({ model: goodbye });
    const run = await project.run(await project.labelled(WRITER), { file: 'ai-implement-single-job.yml' });
    expect(resultsOf(run)).toEqual({ implement: 'success' });
    expect(run.groups).toEqual(['ai-implement-1-run']);
    const [pullRequest] = await project.pullRequests();
    expect(pullRequest).toMatchObject({ draft: false, head: { ref: 'ai/issue-1' } });
    expect(pullRequest?.body).not.toContain('The job that published this');
    expect(run.calls.get('implement')?.with['job'] ?? 'both').toBe('both');
  });
});
