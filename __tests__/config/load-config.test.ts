import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load-config.ts';
import { readAgentFile, type TextFile } from '../../src/config/read-agent-file.ts';
import type { InputTexts } from '../../src/config/inputs.ts';
import { RunError } from '../../src/errors.ts';
import { priceOf } from '../../src/money/prices.ts';

const filePath = 'orchestrator-config.json';

function load(file: unknown, inputs: InputTexts = {}, agentFiles: readonly TextFile[] = []) {
  const fileText = file === null || typeof file === 'string' ? file : JSON.stringify(file, null, 2);
  return loadConfig({ fileText, filePath, agentFiles: agentFiles.map(readAgentFile), inputs });
}

function problemsOf(...args: Parameters<typeof load>): string[] {
  try {
    load(...args);
  } catch (error) {
    if (error instanceof RunError && error.code === 'config-invalid') return error.message.split('\n').slice(1);
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** The file of the guide that users know, as it stands there. */
const familiarFile = `{
  "project_dir": "/app/my-project",
  "api_provider": "anthropic",
  "model": "claude-sonnet-4-20250514",

  "agents": {
    "manager": {
      "max_tokens": 8000,
      "temperature": 0.7
    },
    "backend-dev": {
      "max_tokens": 8000,
      "temperature": 0.3
    },
    "frontend-dev": {
      "max_tokens": 8000,
      "temperature": 0.3
    }
  },

  "coordination": {
    "check_interval_seconds": 30,
    "max_iterations": 50,
    "auto_merge": false,
    "parallel_execution": true
  },

  "limits": {
    "max_api_calls": 100,
    "token_budget": 500000,
    "cost_limit_usd": 50
  }
}
`;

const unlimited = {
  maxRunsPerDay: 50,
  maxRunsPerPersonPerDay: 20,
  maxCostPerTaskNanoUsd: null,
  dailyCostLimitNanoUsd: null,
  dailyCostLimitPerPersonNanoUsd: null,
};

describe('defaults', () => {
  test('apply when there is neither a file nor an input', () => {
    const { config, warnings } = load(null);
    expect(warnings).toEqual([]);
    expect(config.model).toBe('claude-sonnet-5-5');
    expect(config.manager).toMatchObject({ id: 'manager', model: 'claude-sonnet-5-5', maxTokens: 32_000 });
    expect(config.roles.map((role) => role.id)).toEqual(['backend-dev', 'frontend-dev', 'qa-tester']);
    for (const role of config.roles) expect(role).toMatchObject({ maxTokens: 16_000, model: 'claude-sonnet-5-5' });
    expect(config.limits).toEqual({
      maxApiCalls: 300,
      tokenBudget: null,
      costLimitNanoUsd: 5_000_000_000,
      ...unlimited,
      maxTurnsPerTask: 60,
      timeoutMs: 3_600_000,
    });
    expect(config).toMatchObject({ maxParallel: 3, checks: null, setupCommand: null, baseBranch: null });
    expect(config.diffPolicy.protectedPaths).toContain('.github/**');
  });
});

describe('the file', () => {
  test('of the guide is accepted as it stands, with one warning about temperature', () => {
    const { config, warnings } = load(familiarFile);
    expect(warnings).toEqual([
      'temperature (set for manager, backend-dev, frontend-dev) is not sent: current model APIs refuse it. Remove the key.',
    ]);
    expect(config.manager.maxTokens).toBe(8000);
    expect(config.roles.map((role) => [role.id, role.maxTokens, role.model])).toEqual([
      ['backend-dev', 8000, 'claude-sonnet-4-20250514'],
      ['frontend-dev', 8000, 'claude-sonnet-4-20250514'],
      ['qa-tester', 16_000, 'claude-sonnet-4-20250514'],
    ]);
    expect(config.limits).toEqual({
      maxApiCalls: 100,
      tokenBudget: 500_000,
      costLimitNanoUsd: 50_000_000_000,
      ...unlimited,
      maxTurnsPerTask: 50,
      timeoutMs: 3_600_000,
    });
    expect(config.progressIntervalMs).toBe(30_000);
  });

  test('may carry comments and trailing commas', () => {
    expect(load('{\n  // the strong one\n  "model": "claude-opus-5-5", /* for now */\n}').config.model).toBe(
      'claude-opus-5-5',
    );
  });

  test('with parallel_execution off runs one agent at a time', () => {
    expect(load({ coordination: { parallel_execution: false, max_parallel: 8 } }).config.maxParallel).toBe(1);
  });

  test('with auto_merge on is accepted and answered with a warning', () => {
    expect(load({ coordination: { auto_merge: true } }).warnings).toEqual([
      'auto_merge is not done: ai-implement never merges a pull request.',
    ]);
  });

  test('adds protected paths to those that are always protected', () => {
    const { protectedPaths } = load({ protected_paths: ['db/migrations/**'] }).config.diffPolicy;
    expect(protectedPaths).toEqual(expect.arrayContaining(['.github/**', 'db/migrations/**']));
  });

  test('gives prices in dollars a million tokens', () => {
    const price = { input_usd: 0.25, output_usd: 1.5, cache_read_usd: 0.025, cache_write_usd: 0 };
    const { prices } = load({ prices: { 'my-model': price } }).config;
    expect(priceOf('my-model', prices)?.rates).toMatchObject({
      input: 250,
      output: 1_500,
      cacheRead: 25,
      cacheWrite5m: 0,
    });
  });
});

describe('problems', () => {
  test('are all told at once, each with line, place, finding and what is allowed', () => {
    const file = `{
  "api_provider": "open-ai",
  "coordination": { "max_parallel": 99 },
  "limits": {
    "cost_limit_usd": "fifty",
    "max_api_calls": 0
  },
  "agents": { "Backend Dev": {}, "backend-dev": { "max_tokens": 12 } },
  "checks": [{ "name": "unit" }],
  "environment": ["CI_MODE", "NPM_TOKEN"],
  "branch_prefix": "../evil"
}`;
    expect(problemsOf(file)).toEqual([
      '- orchestrator-config.json:2: api_provider: found "open-ai"; allowed: "anthropic" or "openai" or "openai-compatible"',
      '- orchestrator-config.json:8: agents.Backend Dev: "Backend Dev" is not an agent id: a-z, 0-9 and -, starting with a letter, at most 40 characters',
      '- orchestrator-config.json:8: agents.backend-dev.max_tokens: found 12; allowed: a whole number from 1024 to 128000',
      '- orchestrator-config.json:3: coordination.max_parallel: found 99; allowed: a whole number from 1 to 16',
      '- orchestrator-config.json:5: limits.cost_limit_usd: found "fifty"; allowed: a number above 0, at most 100000, or null',
      '- orchestrator-config.json:6: limits.max_api_calls: found 0; allowed: a whole number of at least 1, or null',
      '- orchestrator-config.json:9: checks.0.command: missing; allowed: a text that is not empty',
      '- orchestrator-config.json:10: environment.1: found "NPM_TOKEN"; allowed: a variable name that does not look like a secret or a tool setting',
      '- orchestrator-config.json:11: branch_prefix: found "../evil"; allowed: one or two words of a-z, 0-9 and -, joined by "/"',
    ]);
  });

  test('of file, agent files and inputs are told together, each with its source', () => {
    const agentFiles = [{ path: '.ai-agents/agents/data.md', text: '---\nmax_tokens: many\n---\nBuild pipelines.' }];
    expect(problemsOf({ model: '' }, { 'max-parallel': 'three', checks: 'a: npm test' }, agentFiles)).toEqual([
      '- orchestrator-config.json:2: model: found ""; allowed: a model name without spaces',
      '- .ai-agents/agents/data.md: max_tokens: found "many"; allowed: a whole number from 1024 to 128000',
      '- max-parallel (input or flag): found "three"; allowed: a whole number from 1 to 16',
    ]);
  });

  test.each([
    [{ limits: { cost_limit: 5 } }, 'limits.cost_limit: unknown key; did you mean "cost_limit_usd"?'],
    [{ modle: 'x' }, 'modle: unknown key; did you mean "model"?'],
    [{ cost_limit_usd: 5 }, 'cost_limit_usd: unknown key; did you mean "limits.cost_limit_usd"?'],
    [{ agents: { manager: { maxTokens: 1 } } }, 'agents.manager.maxTokens: unknown key; did you mean "max_tokens"?'],
    [
      { coordination: { zebra: 1 } },
      'coordination.zebra: unknown key; known here: parallel_execution, max_parallel, max_iterations, max_retries, review, check_interval_seconds, auto_merge',
    ],
  ])('name the key that %j may have meant', (file, message) => {
    const [problem] = problemsOf(file);
    expect(problem?.replace(/^- orchestrator-config\.json:\d+: /, '')).toBe(message);
  });

  test.each([
    ['{\n  "model": "a"\n  "label": "b"\n}', 'orchestrator-config.json:3:3: not valid JSON: comma expected'],
    ['', 'orchestrator-config.json:1:1: not valid JSON: value expected'],
    ['[]', 'orchestrator-config.json:1: the file: found []; allowed: an object'],
  ])('in the syntax of %j are told with their place', (text, message) => {
    expect(problemsOf(text)[0]).toContain(message);
  });

  test('in the syntax hide no problem of the inputs', () => {
    expect(problemsOf('{', { 'cost-limit-usd': '-1' })).toHaveLength(2);
  });
});

describe('inputs', () => {
  test('win over the file, and the file over the defaults', () => {
    const file = { model: 'from-file', limits: { cost_limit_usd: 7, max_api_calls: 20 } };
    const { config } = load(file, { model: 'from-input', 'cost-limit-usd': '2.5', label: ' ' });
    expect(config).toMatchObject({ model: 'from-input', label: 'ai-implement' });
    expect(config.limits).toMatchObject({ costLimitNanoUsd: 2_500_000_000, maxApiCalls: 20, maxTurnsPerTask: 60 });
    const more = {
      'max-cost-per-task-usd': '0.5',
      'daily-cost-limit-usd': '30',
      'daily-cost-limit-per-person-usd': '9',
    };
    expect(load(file, more).config.limits).toMatchObject({
      maxCostPerTaskNanoUsd: 500_000_000,
      dailyCostLimitNanoUsd: 30_000_000_000,
      dailyCostLimitPerPersonNanoUsd: 9_000_000_000,
    });
  });

  test('take a limit, the checks or the set-up away by "none"', () => {
    const inputs = { 'cost-limit-usd': 'none', 'timeout-minutes': 'None', checks: 'none', 'setup-command': 'none' };
    const { config } = load({ setup_command: 'npm ci' }, inputs);
    expect(config.limits).toMatchObject({ costLimitNanoUsd: null, timeoutMs: null });
    expect(config).toMatchObject({ checks: [], setupCommand: '' });
  });

  test('give checks one a line, named or not', () => {
    const checks = 'unit: npm test\n\n  lint : npm run lint:all \nnpm run test:e2e';
    expect(load(null, { checks }).config.checks).toEqual([
      { name: 'unit', command: 'npm test' },
      { name: 'lint', command: 'npm run lint:all' },
      { name: 'npm run test e2e', command: 'npm run test:e2e' },
    ]);
  });

  test('do not hide a problem of the file that they override', () => {
    expect(problemsOf({ limits: { cost_limit_usd: 'x' } }, { 'cost-limit-usd': '5' })).toHaveLength(1);
  });
});

describe('agents', () => {
  test('of the user join the default ones, from entries and from files', () => {
    const agents = { 'data-engineer': { instructions: 'Build pipelines.', model: 'small' } };
    const text = '---\nspecialties: [training]\nmax_tokens: 9000\n---\n\nTrain models.\n';
    const { config } = load({ agents }, {}, [{ path: '.ai-agents/agents/ml-engineer.md', text }]);
    expect(config.roles.slice(3)).toEqual([
      {
        id: 'data-engineer',
        instructions: 'Build pipelines.',
        specialties: [],
        model: 'small',
        maxTokens: 16_000,
        effort: 'medium',
        fallbackModel: null,
      },
      {
        id: 'ml-engineer',
        instructions: 'Train models.',
        specialties: ['training'],
        model: 'claude-sonnet-5-5',
        maxTokens: 9_000,
        effort: 'medium',
        fallbackModel: null,
      },
    ]);
  });

  test('that are new need instructions, and a slip of the pen is suggested away', () => {
    expect(problemsOf({ agents: { 'backend-dv': { model: 'x' } } })).toEqual([
      '- orchestrator-config.json:3: agents.backend-dv.instructions: missing; a new agent needs them (did you mean "backend-dev"?)',
    ]);
  });

  test('may not be defined twice', () => {
    const agentFiles = [{ path: '.ai-agents/agents/qa-tester.md', text: 'Test.' }];
    expect(problemsOf({ agents: { 'qa-tester': {} } }, {}, agentFiles)).toEqual([
      '- orchestrator-config.json:3: agents.qa-tester: also defined in .ai-agents/agents/qa-tester.md; keep one of them',
    ]);
  });

  test('keep the model of the planner apart from the others', () => {
    const { config } = load({ agents: { manager: { model: 'claude-opus-5-5' } } });
    expect([config.manager.model, config.roles[0]?.model]).toEqual(['claude-opus-5-5', 'claude-sonnet-5-5']);
  });
});
