// A second run on the same request: it goes on with the pull request that is there.
import { afterEach, expect, test } from '@jest/globals';
import { agent, finish, manager, moduleTask, plan, reply, writeModule } from '../support/scenario-model.ts';
import {
  closeProjects,
  expectStatus,
  REPOSITORY,
  startProject,
  WRITER,
  type Project,
  type ScenarioRun,
} from '../support/scenario.ts';

afterEach(closeProjects);

const building = (name: string) => [plan(moduleTask('TASK-001', name)), agent('TASK-001', writeModule(name), finish())];

async function firstRun(project: Project): Promise<ScenarioRun> {
  const run = await project.run(await project.labelled(WRITER), { model: building('goodbye') });
  expectStatus(run, 'opened');
  return run;
}

test('a comment on our pull request continues it, with the comment as instructions', async () => {
  const project = await startProject();
  const first = await firstRun(project);
  const event = await project.commented(WRITER, '/ai-implement also say thanks', 2);
  const second = await project.run(event, { model: building('thanks') });
  expect(second.outputs).toMatchObject({ status: 'updated', 'pull-request-number': '2', branch: 'ai/issue-1' });
  expect(second.pullRequests).toHaveLength(1);
  expect(second.pullRequests[0]?.body).toContain('Closes #1');
  const before = first.branches['ai/issue-1']?.slice(0, 10) ?? '';
  expect(second.pullRequests[0]?.body).toContain(`Went on from \`${before}\` of #2`);
  // One short instruction needs no plan: the first to be asked is who builds it, on the files as the pull request has them.
  const asked = JSON.stringify(second.modelRequests[0]?.body);
  expect(asked).toContain('also say thanks');
  expect(asked).toContain('src/goodbye.js');
  expect(second.pullRequests[0]?.body).toContain('no plan was made');
  expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
  expect(await project.fileOn('ai/issue-1', 'src/thanks.js')).toContain('thanks');
  expect(await project.subjects('ai/issue-1')).toEqual(['also say thanks', 'Say goodbye', 'chore: first commit']);
  expect(second.branches['ai/issue-1']).not.toBe(first.branches['ai/issue-1']);
});

test('a second label updates the pull request and keeps the commit of a person', async () => {
  const project = await startProject();
  await firstRun(project);
  const byHand = { branch: 'ai/issue-1', message: 'docs: by hand' };
  await project.github.seedRepository(REPOSITORY, { 'NOTES.md': 'by hand\n' }, byHand);
  const second = await project.run(await project.labelled(WRITER), { model: building('thanks') });
  expect(second.outputs).toMatchObject({ status: 'updated', 'pull-request-number': '2' });
  expect(second.pullRequests).toHaveLength(1);
  expect(await project.subjects('ai/issue-1')).toEqual([
    'Say thanks',
    'docs: by hand',
    'Say goodbye',
    'chore: first commit',
  ]);
  expect(await project.fileOn('ai/issue-1', 'NOTES.md')).toBe('by hand\n');
});

test('a commit that a person pushes while the run goes on is not overwritten', async () => {
  const project = await startProject();
  await firstRun(project);
  const byHand = { branch: 'ai/issue-1', message: 'docs: meanwhile' };
  const second = await project.run(await project.labelled(WRITER), {
    model: [
      manager(async () => {
        await project.github.seedRepository(REPOSITORY, { 'NOTES.md': 'meanwhile\n' }, byHand);
        return reply([moduleTask('TASK-001', 'thanks')]);
      }),
      agent('TASK-001', writeModule('thanks'), finish()),
    ],
  });
  expect(await project.fileOn('ai/issue-1', 'NOTES.md')).toBe('meanwhile\n');
  expect(second.exitCode).toBe(1);
  expect(second.outputs['stop-reason']).toContain('ai/issue-1');
  expect(await project.fileOn('ai/agents/issue-1/backend-dev/task-001', 'src/thanks.js')).toContain('thanks');
});

test('after its pull request was closed a request gets a new branch and a new pull request, which is then continued', async () => {
  const project = await startProject();
  const first = await firstRun(project);
  await project.github.api('PATCH', `/repos/${REPOSITORY}/pulls/2`, { state: 'closed' });
  const second = await project.run(await project.labelled(WRITER), { model: building('thanks') });
  expectStatus(second, 'opened');
  expect(second.outputs).toMatchObject({ branch: 'ai/issue-1-2', 'pull-request-number': '3' });
  for (const branch of ['ai/issue-1', 'ai/agents/issue-1/backend-dev/task-001'])
    expect(second.branches[branch]).toBe(first.branches[branch]);
  const third = await project.run(await project.labelled(WRITER), { model: building('welcome') });
  expectStatus(third, 'updated');
  expect(third.outputs).toMatchObject({ branch: 'ai/issue-1-2', 'pull-request-number': '3' });
  expect(await project.subjects('ai/issue-1-2')).toEqual(['Say welcome', 'Say thanks', 'chore: first commit']);
});
