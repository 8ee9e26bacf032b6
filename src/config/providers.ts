// What the configuration has to know of each provider: its default model, and by which input and variable it gets a key.
import { RunError } from '../errors.ts';
import type { ConfigFile } from './schema.ts';

export type Provider = ConfigFile['api_provider'];

interface ProviderFacts {
  /** Null: a server of one's own has models of one's own. */
  readonly defaultModel: string | null;
  readonly keyInput: 'anthropic-api-key' | 'openai-api-key';
  /** What the terminal reads the key from. */
  readonly keyVariable: 'ANTHROPIC_API_KEY' | 'OPENAI_API_KEY';
  /** Servers on one's own machine ask for none. */
  readonly needsKey: boolean;
  /** Models that this provider's own service never has; behind a gateway anything may be. */
  readonly foreignModels: RegExp | null;
}

const providers: Readonly<Record<Provider, ProviderFacts>> = {
  anthropic: {
    defaultModel: 'claude-sonnet-5-5',
    keyInput: 'anthropic-api-key',
    keyVariable: 'ANTHROPIC_API_KEY',
    needsKey: true,
    foreignModels: /^(gpt-|chatgpt-|o\d)/,
  },
  openai: {
    // Newer ones refuse tools in chat completions (docs/providers.md).
    defaultModel: 'gpt-6-sol',
    keyInput: 'openai-api-key',
    keyVariable: 'OPENAI_API_KEY',
    needsKey: true,
    foreignModels: /^claude-/,
  },
  'openai-compatible': {
    defaultModel: null,
    keyInput: 'openai-api-key',
    keyVariable: 'OPENAI_API_KEY',
    needsKey: false,
    foreignModels: null,
  },
};

/** The provider's default model; null when it has none. */
export const defaultModelOf = (provider: Provider): string | null => providers[provider].defaultModel;

/** The provider's key among the inputs or variables, by their names; empty when it was not given. */
export function apiKeyOf(provider: Provider, given: Readonly<Record<string, string | undefined>>): string {
  const { keyInput, keyVariable } = providers[provider];
  return given[keyInput] || given[keyVariable] || '';
}

/** The error for a key that is missing; null when it is there or not needed. */
export function missingKey(provider: Provider, key: string): RunError | null {
  const { needsKey, keyInput, keyVariable } = providers[provider];
  if (key !== '' || !needsKey) return null;
  return new RunError('no-api-key', { provider, input: keyInput, variable: keyVariable });
}

/** True where the provider's own service cannot have the model. */
export const isForeignModel = (provider: Provider, model: string): boolean =>
  providers[provider].foreignModels?.test(model) ?? false;
