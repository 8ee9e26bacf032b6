// Provider, address, models and prices that do not go together: found before anything is started.
import { priceOf } from '../money/prices.ts';
import type { Config } from './config.ts';
import type { InputTexts } from './inputs.ts';
import { isForeignModel } from './providers.ts';

/** One line for each problem; none when they go together. Judged on the whole, file and inputs together. */
export function providerProblems(config: Config, inputs: InputTexts): readonly string[] {
  return [...addressProblems(config, inputs), ...modelProblems(config), ...priceProblems(config)];
}

function addressProblems({ provider, baseUrl }: Config, inputs: InputTexts): readonly string[] {
  const older = (inputs['anthropic-base-url'] ?? '').trim();
  if (older !== '' && provider !== 'anthropic')
    return [`anthropic-base-url (input or flag): has no meaning for api_provider "${provider}"; use base-url`];
  if (older !== '' && baseUrl !== null && older !== baseUrl)
    return ['anthropic-base-url (input or flag): differs from base-url; keep base-url only'];
  return provider === 'openai-compatible' && baseUrl === null
    ? ['base_url: missing; api_provider "openai-compatible" needs the address of the server (or the input base-url)']
    : [];
}

/** Every model that the run may call. */
function modelsOf({ manager, roles }: Config): readonly string[] {
  const named = [manager, ...roles].flatMap(({ model, fallbackModel }) => [model, fallbackModel ?? []].flat());
  return [...new Set(named)];
}

function modelProblems(config: Config): readonly string[] {
  const { provider, baseUrl } = config;
  const models = modelsOf(config);
  if (models.includes(''))
    return [`model: missing; api_provider "${provider}" has no default, name a model of the server`];
  if (baseUrl !== null) return [];
  return models
    .filter((model) => isForeignModel(provider, model))
    .map((model) => `model: "${model}" is no model of api_provider "${provider}"; change one of the two`);
}

/** A server of one's own: what its models cost, nothing included, only its owner knows. */
function priceProblems(config: Config): readonly string[] {
  if (config.provider !== 'openai-compatible') return [];
  return modelsOf(config)
    .filter((model) => model !== '' && priceOf(model, config.prices) === null)
    .map(
      (model) =>
        `prices: missing for "${model}"; add "${model}": { "input_usd": 0, "output_usd": 0, "cache_read_usd": 0, ` +
        '"cache_write_usd": 0 } with what a million tokens cost (0 where they cost nothing)',
    );
}
