// What is found out about the place before or beside a run, and said where people look; and how many runs a day may start.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { WebhookEvent } from '../../testbed/github/events.ts';
import { agent, finish, manager, moduleTask, reply, writeModule } from '../support/scenario-model.ts';
import {
  closeProjects,
  expectStatus,
  REPOSITORY,
  startProject,
  WRITER,
  type Project,
  type RunOptions,
  type ScenarioRun,
} from '../support/scenario.ts';

afterEach(closeProjects);

const planned = [manager(reply([moduleTask('TASK-001', 'goodbye')]))];
const goodbye = [...planned, agent('TASK-001', writeModule('goodbye'), finish())];
const label = async (project: Project, options: RunOptions = {}): Promise<ScenarioRun> =>
  project.run(await project.labelled(WRITER), { model: goodbye, ...options });

/** A warning belongs into the progress comment, the pull request and the job summary. */
function expectWarned(run: ScenarioRun, words: string): void {
  expectStatus(run, 'opened');
  for (const text of [run.comments[0]?.body, run.pullRequests[0]?.body, run.summary]) expect(text).toContain(words);
}

describe('the checkout', () => {
  const SECRET = 'cGVyc2lzdGVkLWJ5LWNoZWNrb3V0';
  const header = `[http "https://github.test/"]\n\textraheader = AUTHORIZATION: basic ${SECRET}\n`;

  test('that kept its credential is warned of with the line to add, and git is not run to find it', async () => {
    const run = await label(await startProject(), {
      prepare: ({ workspace }) => appendFile(join(workspace, '.git', 'config'), header),
    });
    expectWarned(run, 'persist-credentials: false');
    expect([run.log, run.summary, ...run.comments.map(({ body }) => body)].join()).not.toContain(SECRET);
  });

  test('whose credential lies in a file of the runner, as newer versions leave it, is warned of too', async () => {
    const name = 'git-credentials-1.config';
    const run = await label(await startProject(), {
      prepare: async ({ workspace, runnerTemp }) => {
        const include = `[includeIf "gitdir:${workspace}/.git"]\n\tpath = ${join(runnerTemp, name)}\n`;
        await appendFile(join(workspace, '.git', 'config'), include);
        await writeFile(join(runnerTemp, name), header);
      },
      tolerates: [/^left behind: git-credentials-1\.config$/],
    });
    expectWarned(run, name);
  });
});

describe('the default branch', () => {
  test('without protection is warned of, as far as was seen', async () => {
    expectWarned(await label(await startProject({ protectedBranches: [] })), 'shows no protection to our token');
  });

  test('with a rule that asks for a pull request is not', async () => {
    const run = await label(await startProject({ protectedBranches: [], rules: ['pull_request'] }));
    expectStatus(run, 'opened');
    expect(run.summary + String(run.pullRequests[0]?.body)).not.toContain('Warnings');
  });
});

describe('a self-hosted runner of a public repository', () => {
  const env = { RUNNER_ENVIRONMENT: 'self-hosted' };

  test('is refused before anything is done there', async () => {
    const run = await label(await startProject(), { env });
    expect(run).toMatchObject({ exitCode: 1, modelRequests: [], reactions: [], pullRequests: [] });
    expect(Object.keys(run.branches)).toEqual(['main']);
    for (const text of [run.comments[0]?.body, run.summary]) expect(text).toContain('ephemeral_runner');
  });

  test('is taken where the configuration says that it is thrown away', async () => {
    const config = { 'orchestrator-config.json': JSON.stringify({ ephemeral_runner: true }) };
    const project = await startProject({ with: config });
    expectStatus(
      await project.run(await project.commented(WRITER, '/ai-implement plan'), { model: planned, env }),
      'planned',
    );
  });

  test('is taken for a private repository', async () => {
    const project = await startProject();
    const { name, payload } = await project.commented(WRITER, '/ai-implement plan');
    const event: WebhookEvent = {
      name,
      payload: { ...payload, repository: { ...Object(payload['repository']), private: true } },
    };
    expectStatus(await project.run(event, { model: planned, env }), 'planned');
  });
});

describe('the number of runs of a day', () => {
  const listed = (actor: string, count: number) => ({
    'runs.json': JSON.stringify({
      version: 1,
      runs: Array.from({ length: count }, (_none, i) => ({
        ...{ runId: `${actor}-${i}`, atMs: Date.now(), actor, costNanoUsd: 1, tasks: [] },
      })),
    }),
  });
  const started = async (actor: string, count: number) => {
    const project = await startProject();
    await project.github.seedRepository(REPOSITORY, listed(actor, count), { branch: 'ai/state/runs' });
    return project;
  };

  test.each([
    [WRITER, 'limits.max_runs_per_person_per_day', 20, '20 by writer today (UTC)'],
    ['somebody', 'limits.max_runs_per_day', 50, '50 today (UTC)'],
  ])('of %s ends at %s, with no model asked and the reason on the issue', async (actor, limit, value, used) => {
    const project = await started(actor, value);
    const before = await project.branches();
    const run = await label(project);
    expect(run).toMatchObject({ exitCode: 0, outputs: { status: 'skipped' }, modelRequests: [], reactions: [] });
    expect(run.outputs['stop-reason']).toContain(
      `The limit ${limit} is ${value}, used: ${used.replace('(UTC)', '').trim()}, UTC.`,
    );
    expect(run.comments[0]?.body).toContain(used);
    expect(await project.branches()).toEqual(before);
  });

  test('may be changed by an input, counts plans, and a run in the list as soon as it works', async () => {
    const project = await started(WRITER, 20);
    const inputs = { 'max-runs-per-person-per-day': '22' };
    const plan = () => project.commented(WRITER, '/ai-implement plan');
    expectStatus(await project.run(await plan(), { model: planned, inputs }), 'planned');
    const during = manager(async () => {
      for (let i = 0; i < 400 && !(await project.fileOn('ai/state/runs', 'runs.json')).includes('"102-1"'); i++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await project.fileOn('ai/state/runs', 'runs.json')).toContain('"runId":"102-1"');
      return reply([moduleTask('TASK-001', 'goodbye')]);
    });
    expectStatus(await label(project, { model: [during, ...goodbye.slice(1)], inputs }), 'opened');
    const third = await project.run(await plan(), { inputs });
    expect(third.outputs['stop-reason']).toContain('is 22, used: 22 by writer');
  });
});
