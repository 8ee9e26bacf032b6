// Every kind of limit stops a run of the real bundle, and every place that people look at says which one, its value and
// what was used of it.
import { afterEach, expect, test } from '@jest/globals';
import type { WebhookEvent } from '../../testbed/github/events.ts';
import type { Line } from '../../testbed/model/script.ts';
import { say } from '../../testbed/model/script.ts';
import { agent, bash, finish, manager, moduleTask, plan, write, writeModule } from '../support/scenario-model.ts';
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

const tasks = [moduleTask('TASK-001', 'goodbye'), moduleTask('TASK-002', 'thanks')] as const;
const firstIsBuilt = agent('TASK-001', writeModule('goodbye'), finish());
/** It goes on writing, with replies of so many tokens. */
const writing = (count: number, outputTokens: number) =>
  Array.from({ length: count }, (_, i) => ({ ...write({ 'src/thanks.js': `// ${i}\n` }), outputTokens }));
const dear = agent('TASK-002', ...writing(20, 12_000));

interface Kind {
  readonly limit: string;
  readonly input: Readonly<Record<string, string>>;
  /** Words and pattern of what follows `is ` and `used: `. */
  readonly value: string;
  readonly used: RegExp;
  /** The second agent, which needs more than there is. */
  readonly second: Line;
}

const kinds: readonly Kind[] = [
  {
    limit: 'limits.max_api_calls',
    input: { 'max-api-calls': '4' },
    value: '4',
    used: /4\b/,
    second: agent('TASK-002', writeModule('thanks')),
  },
  {
    limit: 'limits.cost_limit_usd',
    input: { 'cost-limit-usd': '0.9' },
    value: '$0.90',
    used: /\$0\.[0-8]\d/,
    second: dear,
  },
  {
    limit: 'limits.token_budget',
    input: { 'token-budget': '150000' },
    value: '150000 tokens',
    used: /1?\d{5} tokens/,
    second: dear,
  },
  {
    limit: 'limits.max_cost_per_task_usd',
    input: { 'max-cost-per-task-usd': '0.4' },
    value: '$0.40',
    used: /\$0\.[0-3]\d/,
    second: dear,
  },
  {
    limit: 'coordination.max_iterations',
    input: { 'max-iterations': '20' },
    value: '20 turns',
    used: /20 turns, and one to finish in/,
    second: agent('TASK-002', ...writing(21, 100)),
  },
];

test.each(kinds)(
  '$limit stops in the middle, leaves a draft with what passed, and is named everywhere',
  async (kind) => {
    const project = await startProject();
    const run = await label(project, {
      inputs: { ...kind.input, 'max-parallel': '1' },
      model: [plan(...tasks), firstIsBuilt, kind.second],
    });
    expectStatus(run, 'partial');
    expect(run.exitCode).toBe(0);
    expect(run.pullRequests).toMatchObject([{ draft: true }]);
    expectNamed({ ...placesOf(run), 'pull request': run.pullRequests[0]?.body ?? '' }, kind);
    expectWithin(run, kind.input);
    // What passed is in it, and what was only begun is kept.
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
    expect(await project.fileOn('ai/agents/issue-1/backend-dev/task-002', 'src/thanks.js')).not.toBe('');
  },
);

/** What hangs, and would hang for longer than the test may take. */
const hanging: readonly (readonly [string, RunOptions])[] = [
  ['the set-up', { inputs: { 'setup-command': 'sleep 600' } }],
  ['a check', { inputs: { checks: 'all: sleep 600' } }],
  ['the planning', { model: [manager({ kind: 'silence' })] }],
  ['a command of an agent', { model: [plan(tasks[0]), agent('TASK-001', bash('sleep 600'))] }],
];

test.each(hanging)('limits.timeout_minutes ends %s that hangs, and is named everywhere', async (_, options) => {
  const project = await startProject();
  const inputs = { ...options.inputs, 'timeout-minutes': '0.05' };
  const run = await label(project, { model: [manager(say('Too late.'))], ...options, inputs });
  expectStatus(run, 'partial');
  expectNamed(placesOf(run), { limit: 'limits.timeout_minutes', value: '0.05 minutes', used: /0\.05 minutes/ });
  expect(Number(run.outputs['duration-seconds'])).toBeLessThan(60);
});

test('the limits of a day count our own earlier runs and plans: of everybody, and of who started this one', async () => {
  const project = await startProject();
  const wish = async (): Promise<WebhookEvent> => project.commented(WRITER, '/ai-implement plan');
  const planned = await project.run(await wish(), { model: [plan(tasks[0])] });
  expectStatus(planned, 'planned');
  const built = await label(project, { model: [plan(tasks[0]), firstIsBuilt] });
  expectStatus(built, 'opened');
  const spent = [planned, built].reduce((sum, { outputs }) => sum + Number(outputs['cost-usd']), 0);
  const used = new RegExp(`\\$${spent.toFixed(spent < 0.09995 ? 4 : 2)}`);
  const days = [
    ['limits.daily_cost_limit_usd', 'daily-cost-limit-usd', () => project.labelled(WRITER)],
    ['limits.daily_cost_limit_per_person_usd', 'daily-cost-limit-per-person-usd', wish],
  ] as const;
  for (const [limit, input, event] of days) {
    const run = await project.run(await event(), { inputs: { [input]: '0.1' }, model: [] });
    expectStatus(run, 'partial');
    expect(run.modelRequests).toEqual([]);
    expectNamed(placesOf(run), { limit, value: '$0.10', used });
  }
});

const placesOf = ({ comments, summary, outputs, log }: ScenarioRun) => ({
  comment: comments.at(-1)?.body ?? '',
  'job summary': summary,
  output: outputs['stop-reason'] ?? '',
  log,
});

function expectNamed(
  places: Readonly<Record<string, string>>,
  { limit, value, used }: Pick<Kind, 'limit' | 'value' | 'used'>,
): void {
  const sentence = new RegExp(`he limit ${limit} is ${value.replace(/[$.]/g, '\\$&')}; used: ${used.source}`);
  for (const [place, text] of Object.entries(places)) {
    // Markdown marks of ours are not what is read.
    const read = text
      .replace(/[`\\]/g, '')
      .replaceAll('USD ', '$')
      .replace(/, used: /g, '; used: ');
    expect({ place, says: sentence.test(read) ? sentence.source : read }).toEqual({ place, says: sentence.source });
  }
}

/** By what the run itself was told of its calls. */
function expectWithin({ outputs }: ScenarioRun, input: Kind['input']): void {
  const of = (name: string): number => Number(outputs[name]);
  const tokens = of('input-tokens') + of('output-tokens') + of('cache-read-tokens');
  expect(of('cost-usd')).toBeLessThanOrEqual(Number(input['cost-limit-usd'] ?? 5));
  expect(of('api-calls')).toBeLessThanOrEqual(Number(input['max-api-calls'] ?? 300));
  expect(tokens).toBeLessThanOrEqual(Number(input['token-budget'] ?? Number.POSITIVE_INFINITY));
}
