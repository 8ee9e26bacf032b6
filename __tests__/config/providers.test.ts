import { describe, expect, test } from '@jest/globals';
import { editFormatOf } from '../../src/config/edit-format.ts';
import type { InputTexts } from '../../src/config/inputs.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { apiKeyOf, missingKey } from '../../src/config/providers.ts';
import { isRunError } from '../../src/errors.ts';
import { priceOf } from '../../src/money/prices.ts';

const load = (file: unknown, inputs: InputTexts = {}) =>
  loadConfig({ fileText: JSON.stringify(file), filePath: 'f', agentFiles: [], inputs }).config;

function problemsOf(file: unknown, inputs: InputTexts = {}): string[] {
  try {
    load(file, inputs);
  } catch (error) {
    if (isRunError(error)) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

const free = { input_usd: 0, output_usd: 0, cache_read_usd: 0, cache_write_usd: 0 };
const local = {
  api_provider: 'openai-compatible',
  base_url: 'http://localhost:11434/v1',
  model: 'qwen3-coder:30b',
  prices: { 'qwen3-coder:30b': free },
};

describe('a provider', () => {
  test.each([
    [{}, { provider: 'anthropic', baseUrl: null, model: 'claude-sonnet-5-5', editFormat: 'edit' }],
    [{ api_provider: 'openai' }, { provider: 'openai', model: 'gpt-6-sol', editFormat: 'apply_patch' }],
    [local, { provider: 'openai-compatible', baseUrl: local.base_url, model: local.model, editFormat: 'edit' }],
  ])('of %j has its model and its way to edit', (file, expected) => {
    expect(load(file)).toMatchObject(expected);
  });

  test('can be chosen by inputs alone, which win over the file', () => {
    const inputs = { 'api-provider': 'openai', 'base-url': 'https://gateway.example/v1' };
    expect(load({ api_provider: 'anthropic' }, inputs)).toMatchObject({
      provider: 'openai',
      baseUrl: 'https://gateway.example/v1',
      model: 'gpt-6-sol',
    });
  });

  test.each(['anthropic', 'openai'] as const)('%s has a default model with a price', (provider) => {
    expect(priceOf(load({ api_provider: provider }).model)).not.toBeNull();
  });

  test('gives each agent its model, effort and fallback', () => {
    const agents = {
      manager: { model: 'claude-opus-5-5' },
      scout: { instructions: 'Look.', model: 'claude-haiku-5-5', effort: 'low', fallback_model: 'claude-haiku-4-5' },
    };
    const { manager, roles } = load({ agents });
    expect(manager).toMatchObject({ model: 'claude-opus-5-5', effort: 'high', fallbackModel: null });
    expect(roles.map(({ effort }) => effort)).toEqual(['medium', 'medium', 'medium', 'low']);
    expect(roles[3]).toMatchObject({ model: 'claude-haiku-5-5', fallbackModel: 'claude-haiku-4-5' });
  });
});

describe('what does not go together is told', () => {
  test('all at once for a server of its own: address, then model', () => {
    expect(problemsOf({ api_provider: 'openai-compatible' })).toEqual([
      '- base_url: missing; api_provider "openai-compatible" needs the address of the server (or the input base-url)',
      '- model: missing; api_provider "openai-compatible" has no default, name a model of the server',
    ]);
  });

  test('for every model of a server without a price, with the line to add', () => {
    const agents = { manager: { model: 'big' }, 'qa-tester': { fallback_model: 'small' } };
    const problems = problemsOf({ ...local, agents });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('prices: missing for "big"; add "big": { "input_usd": 0');
    expect(problems[1]).toContain('"small"');
  });

  test.each([
    [
      { api_provider: 'openai', model: 'claude-sonnet-5-5' },
      '"claude-sonnet-5-5" is no model of api_provider "openai"',
    ],
    [{ model: 'gpt-5.1' }, '"gpt-5.1" is no model of api_provider "anthropic"'],
    [{ agents: { manager: { fallback_model: 'gpt-5.1' } } }, '"gpt-5.1" is no model'],
  ])('%j', (file, problem) => {
    expect(problemsOf(file)).toEqual([expect.stringContaining(problem)]);
  });

  test('but not behind a gateway, which may have any model', () => {
    expect(problemsOf({ model: 'gpt-5.1', base_url: 'https://gateway.example' })).toEqual([]);
  });

  test.each([
    [{ 'api-provider': 'openai', 'anthropic-base-url': 'http://a' }, 'has no meaning for api_provider "openai"'],
    [{ 'base-url': 'http://a', 'anthropic-base-url': 'http://b' }, 'differs from base-url'],
  ])('the older name of the address beside the new: %j', (inputs, problem) => {
    expect(problemsOf({}, inputs)).toEqual([expect.stringContaining(problem)]);
  });

  test.each(['localhost:11434', 'ftp://a', 'https://user:password@gateway.example', 'https://a?key=b'])(
    'the address %p',
    (base_url) => {
      expect(problemsOf({ base_url })).toEqual([expect.stringContaining('base_url: found')]);
    },
  );
});

describe('the key', () => {
  test('of one provider is never sent to another', () => {
    const inputs = { 'anthropic-api-key': 'a', 'openai-api-key': 'o' };
    expect(apiKeyOf('anthropic', inputs)).toBe('a');
    expect(apiKeyOf('openai', inputs)).toBe('o');
    expect(apiKeyOf('openai-compatible', { ANTHROPIC_API_KEY: 'a' })).toBe('');
    expect(apiKeyOf('openai', { OPENAI_API_KEY: 'o' })).toBe('o');
  });

  test.each([
    ['anthropic', 'anthropic-api-key', 'ANTHROPIC_API_KEY'],
    ['openai', 'openai-api-key', 'OPENAI_API_KEY'],
  ] as const)('that %s misses is asked for by its input and its variable', (provider, input, variable) => {
    const error = missingKey(provider, '');
    expect(error?.code).toBe('no-api-key');
    expect(error?.message).toContain(input);
    expect(error?.message).toContain(variable);
    expect(missingKey(provider, 'key')).toBeNull();
  });

  test('is not asked for by a server of one’s own', () => {
    expect(missingKey('openai-compatible', '')).toBeNull();
  });
});

test.each([
  ['anthropic', 'claude-sonnet-5-5', 'edit'],
  ['openai', 'gpt-6-sol', 'apply_patch'],
  ['openai', 'ft:gpt-4.1:acme', 'apply_patch'],
  ['openai-compatible', 'openai/gpt-5.1', 'apply_patch'],
  ['openai-compatible', 'gpt-oss:20b', 'edit'],
  ['openai-compatible', 'qwen3-coder:30b', 'edit'],
] as const)('%s with %s edits by %s', (provider, model, format) => {
  expect(editFormatOf(provider, model)).toBe(format);
});
