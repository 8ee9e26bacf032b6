// The same run on the protocol server of each provider, from the label to the pull request.
import { afterEach, describe, expect, test } from '@jest/globals';
import { fail, say } from '../../testbed/model/script.ts';
import { agent, bash, finish, manager, moduleTask, plan, reply, task, writeModule } from '../support/scenario-model.ts';
import { providers, type ScenarioProvider } from '../support/scenario-provider.ts';
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

const label = async (project: Project, options: RunOptions): Promise<ScenarioRun> =>
  project.run(await project.labelled(WRITER), options);

const goodbye = [plan(moduleTask('TASK-001', 'goodbye')), agent('TASK-001', writeModule('goodbye'), finish())];

describe.each(providers)('on %s', (provider) => {
  test('a label becomes a pull request with measured facts', async () => {
    const project = await startProject({ provider });
    const run = await label(project, {
      model: [
        plan(moduleTask('TASK-001', 'goodbye')),
        agent('TASK-001', writeModule('goodbye'), bash('npm test'), finish('It says goodbye now.')),
      ],
    });
    expectStatus(run, 'opened');
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain("'goodbye'");
    expect(run.pullRequests[0]?.body).toContain('2 passed');
    expect(run.outputs['api-calls']).toBe('4');
    expect(Number(run.outputs['input-tokens']) + Number(run.outputs['cache-read-tokens'])).toBeGreaterThan(0);
  });

  test('two agents work at once, and what needs both comes after them', async () => {
    const two = [
      moduleTask('TASK-001', 'goodbye', { estimated_turns: 32 }),
      moduleTask('TASK-002', 'thanks', { estimated_turns: 32, assigned_to: 'frontend-dev' }),
      moduleTask('TASK-003', 'both', {
        estimated_turns: 15,
        dependencies: ['TASK-001', 'TASK-002'],
        acceptance: ['npm test'],
      }),
    ];
    const run = await label(await startProject({ provider }), {
      model: [
        plan(...two),
        agent('TASK-001', writeModule('goodbye'), finish()),
        agent('TASK-002', writeModule('thanks'), finish()),
        agent('TASK-003', bash('ls src'), writeModule('both'), finish()),
      ],
    });
    expectStatus(run, 'opened');
    const tasks: unknown = JSON.parse(run.outputs['tasks'] ?? '[]');
    expect(tasks).toMatchObject([{ status: 'completed' }, { status: 'completed' }, { status: 'completed' }]);
  });

  test('a plan with a fault is sent back, and so is a call that is no JSON', async () => {
    const cut = { type: 'tool_use', name: 'bash', json: '{"command": "ls' } as const;
    const run = await label(await startProject({ provider }), {
      model: [
        manager(reply([task('TASK-001', { dependencies: ['TASK-009'] })]), reply([moduleTask('TASK-001', 'goodbye')])),
        agent('TASK-001', say(cut), writeModule('goodbye'), finish()),
      ],
    });
    expectStatus(run, 'opened');
    const told = run.modelRequests.flatMap(({ request }) => request.lastResults.filter(({ isError }) => isError));
    expect(told).toHaveLength(1);
  });

  test('a service that is busy and breaks off is asked again', async () => {
    const broken = { ...writeModule('goodbye'), fault: { kind: 'disconnect', afterEvents: 2 } } as const;
    const run = await label(await startProject({ provider }), {
      model: [
        manager(fail(503), reply([moduleTask('TASK-001', 'goodbye')])),
        agent('TASK-001', broken, writeModule('goodbye'), finish()),
      ],
    });
    expectStatus(run, 'opened');
  });

  test('used-up credit ends the run with one message that names what to do, and nothing half-done', async () => {
    const run = await label(await startProject({ provider }), { model: [manager(outOfCredit(provider))] });
    expect(run.exitCode).toBe(1);
    expectToldOnce(run, "The account's own spend limit is reached");
    expect(run.log).toContain('api-key');
  });

  test('a model that nobody has is named', async () => {
    const model = provider === 'anthropic' ? 'claude-0' : 'gpt-0';
    const run = await label(await startProject({ provider, with: priced(model) }), {
      model: goodbye,
      inputs: { model },
      tolerates: [/^model: 404/],
    });
    expect(run.exitCode).toBe(1);
    expectToldOnce(run, `does not know the model "${model}"`);
  });
});

describe.each(['openai', 'vllm'] as const)('the key of %s', (provider) => {
  test('is asked for by its input when the service refuses it', async () => {
    const run = await label(await startProject({ provider }), {
      model: goodbye,
      inputs: { 'openai-api-key': 'sk-expired' },
      tolerates: [/^model: 401/],
    });
    expect(run.exitCode).toBe(1);
    expectToldOnce(run, 'refused the key');
    expect(run.log).toContain('openai-api-key');
  });
});

test('without a key for OpenAI nothing is started, and the input is named', async () => {
  const run = await label(await startProject({ provider: 'openai' }), {
    model: goodbye,
    inputs: { 'openai-api-key': '', 'anthropic-api-key': 'sk-ant-api03-of-another-service' },
  });
  expect(run.exitCode).toBe(1);
  expectToldOnce(run, 'set the input "openai-api-key"');
  expect(run).toMatchObject({ reactions: [], modelRequests: [] });
});

test('a server of one’s own without an address, a model and a price is told all of it at once', async () => {
  const run = await label(await startProject(), { model: goodbye, inputs: { 'api-provider': 'openai-compatible' } });
  expect(run.exitCode).toBe(1);
  expect(run.log).toContain('anthropic-base-url');
  expect(run.log).toContain('model: missing');
  expect(run.modelRequests).toEqual([]);
});

const outOfCredit = (provider: ScenarioProvider) =>
  provider === 'anthropic' ? fail(402) : fail(429, { type: 'insufficient_quota', errorCode: 'insufficient_quota' });

const priced = (model: string): Readonly<Record<string, string>> => {
  const free = { input_usd: 0, output_usd: 0, cache_read_usd: 0, cache_write_usd: 0 };
  return { 'orchestrator-config.json': JSON.stringify({ prices: { [model]: free } }) };
};

/** In the log and in the one comment, with no branch and no pull request. */
function expectToldOnce(run: ScenarioRun, words: string): void {
  expect(run.log).toContain(words);
  expect(run.annotations.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(run.comments).toHaveLength(1);
  expect(run.comments[0]?.body).toContain(words);
  expect(Object.keys(run.branches)).toEqual(['main']);
  expect(run.pullRequests).toEqual([]);
}
