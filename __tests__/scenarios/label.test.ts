// From the label to the pull request: everything a user is promised, on one run.
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { agent, bash, finish, manager, moduleTask, reply, writeModule } from '../support/scenario-model.ts';
import { closeProjects, startProject, WRITER, type ScenarioRun } from '../support/scenario.ts';

afterEach(closeProjects);

const TASK_BRANCH = 'ai/agents/issue-1/backend-dev/task-001';
const decisions = [{ decision: 'Goodbyes take no name.', rationale: 'Nobody asked for one.', affected_agents: [] }];
const outputNames = Object.keys(parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')).outputs);

test('a label by a writer becomes a pull request with measured facts', async () => {
  const project = await startProject({
    with: { 'orchestrator-config.json': JSON.stringify({ coordination: { check_interval_seconds: 1 } }) },
  });
  const run = await project.run(await project.labelled(WRITER), {
    model: [
      manager(reply([moduleTask('TASK-001', 'goodbye')], { decisions })),
      agent('TASK-001', writeModule('goodbye'), bash('sleep 1.5; npm test'), finish('It says goodbye now.')),
    ],
  });

  expect(run.exitCode).toBe(0);
  expect(run.reactions).toEqual(['eyes']);
  expectProgressComment(run);
  expectBranches(run);
  expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain("'goodbye'");
  expectPullRequest(run);
  const [summary, ...others] = await project.comments(2);
  expect(others).toEqual([]);
  for (const text of [summary?.body, run.summary]) {
    expect(text).toContain('1 of 1 task completed · 2 files (+6 −0) changed · 2 tests passed, 0 failed');
    expect(text).toContain('| test `npm test` | ✅ 1 passed | ✅ 2 passed | still passes |');
    expect(text).toContain(`$${Number(run.outputs['cost-usd']).toFixed(4)}`);
  }
  expectOutputs(run);
  expect(run.report).toContain('TASK-001');
});

/** One comment, written before the work and edited while it went on. */
function expectProgressComment({ comments, githubRequests }: ScenarioRun): void {
  expect(comments).toHaveLength(1);
  expect(comments[0]?.user).toBe('github-actions[bot]');
  for (const text of [
    '✅ Opened pull request [#2]',
    '```mermaid\nflowchart LR',
    'TASK-001 · Say goodbye',
    '| **TASK-001** Say goodbye | backend-dev | ✅ completed | 3 | ✅ 1 of 1 passed | $',
    'Estimate: $',
  ])
    expect(comments[0]?.body).toContain(text);
  const onComment = githubRequests.filter(({ path }) => /\/issues\/(1\/comments$|comments\/1$)/.test(path));
  const bodies = onComment.filter(({ method }) => method !== 'GET').map(({ body }) => String(Object(body).body));
  expect(onComment.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(bodies[0]).toContain('🔄 Working');
  expect(bodies.slice(1, -1).some((body) => body.includes('🔄 running'))).toBe(true);
}

function expectBranches({ branches }: ScenarioRun): void {
  expect(Object.keys(branches).sort()).toEqual([TASK_BRANCH, 'ai/issue-1', 'main']);
  expect(branches['ai/issue-1']).toBe(branches[TASK_BRANCH]);
}

function expectPullRequest({ pullRequests, branches, outputs }: ScenarioRun): void {
  expect(pullRequests).toMatchObject([
    {
      number: 2,
      title: 'AI: Teach it to say goodbye',
      state: 'open',
      draft: false,
      head: { ref: 'ai/issue-1', sha: branches['ai/issue-1'] },
      base: { ref: 'main' },
    },
  ]);
  const commit = String(branches[TASK_BRANCH]).slice(0, 10);
  for (const text of [
    'Closes #1',
    '| test `npm test` | ✅ 1 passed | ✅ 2 passed | still passes |',
    `| backend-dev | ✅ completed | \`${TASK_BRANCH}\`<br>\`${commit}\` | 2 files (+6 −0) | ✅ 1 of 1 passed |`,
    '**Goodbyes take no name**: Nobody asked for one.',
    '## Claims of the agents (not verified)',
    '> It says goodbye now.',
    `| **all** | **${outputs['api-calls']}** |`,
    `$${Number(outputs['cost-usd']).toFixed(4)}`,
  ])
    expect(pullRequests[0]?.body).toContain(text);
}

/** Every output of action.yml is set; amounts are those of the model server's own account. */
function expectOutputs({ outputs, modelRequests, branches }: ScenarioRun): void {
  expect(Object.keys(outputs).sort()).toEqual(outputNames.sort());
  const { 'stop-reason': stopReason, 'result-dir': resultDir, 'manifest-sha256': hash, ...filled } = outputs;
  // The last two are for another job.
  expect([stopReason, resultDir, hash]).toEqual(['', '', '']);
  expect(Object.entries(filled).filter(([, value]) => value === '')).toEqual([]);
  expect(outputs).toMatchObject({
    status: 'opened',
    'pull-request-number': '2',
    branch: 'ai/issue-1',
    'api-calls': '4',
  });
  const used = modelRequests.map(({ inputUsage }) => inputUsage);
  const sum = (pick: (usage: (typeof used)[number]) => number): string =>
    String(used.reduce((total, usage) => total + pick(usage), 0));
  expect(outputs['input-tokens']).toBe(sum((usage) => usage.input_tokens + usage.cache_creation_input_tokens));
  expect(outputs['cache-read-tokens']).toBe(sum((usage) => usage.cache_read_input_tokens));
  expect(Number(outputs['cost-usd'])).toBeGreaterThan(0);
  expect(Number(outputs['duration-seconds'])).toBeGreaterThan(0);
  expect(JSON.parse(outputs['plan'] ?? '')).toMatchObject({ tasks: [{ id: 'TASK-001', agent: 'backend-dev' }] });
  expect(JSON.parse(outputs['tasks'] ?? '')).toMatchObject([
    { id: 'TASK-001', agent: 'backend-dev', status: 'completed', commit: branches[TASK_BRANCH], turns: 3 },
  ]);
}
