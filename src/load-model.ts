// The model's adapter of a run: chosen by the configuration, set up beside the first requests to GitHub.
import { createAnthropicModel } from './adapters/anthropic-model.ts';
import { systemClock } from './adapters/system-clock.ts';
import { repeatedChunk } from './agent/stuck/repeated-chunk.ts';
import type { Config } from './config/config.ts';
import { priceOf } from './money/prices.ts';
import type { Model, Reporter } from './ports.ts';

export interface ModelChoice {
  readonly config: Config;
  readonly apiKey: string;
  /** Address of Anthropic's API, where the configuration names none; null: its own. */
  readonly modelUrl: string | null;
  readonly runId: string;
}

/** Setting up that much code holds up everything else, so the first requests to GitHub are to be on their way by then. */
const requestsOutMs = 4;

/**
 * The adapter with its SDK is a third of all code and not needed before GitHub has answered, so it is set up meanwhile. A model without a price is refused before the adapter is asked, by the ledger.
 */
export function loadModel(input: ModelChoice, journal: Reporter): Model {
  const { config } = input;
  const loading = systemClock.sleep(requestsOutMs).then(() => createModel(input, journal));
  let loaded: Model | null = null;
  loading.then(
    (model) => {
      loaded = model;
    },
    () => undefined, // Told by the first call.
  );
  return {
    send: async (request, signal) => (await loading).send(request, signal),
    contextWindowTokens: (model) =>
      loaded?.contextWindowTokens?.(model) ?? priceOf(model, config.prices)?.contextWindowTokens ?? 0,
    countTokens: async (request) => (await (await loading).countTokens?.(request)) ?? null,
  };
}

async function createModel({ apiKey, modelUrl, config, runId }: ModelChoice, journal: Reporter): Promise<Model> {
  const { provider, manager, roles, prices } = config;
  const baseUrl = config.baseUrl ?? (provider === 'anthropic' ? modelUrl : null);
  const options = {
    apiKey,
    ...(baseUrl === null ? {} : { baseUrl }),
    priceOf: (model: string) => priceOf(model, prices),
    clock: systemClock,
    isRunaway: (text: string) => repeatedChunk(text) !== null,
    hasFallback: (model: string) =>
      [manager, ...roles].some((role) => role.model === model && role.fallbackModel !== null),
    onRetry: (attempt: number, reason: string, delayMs: number) =>
      journal.emit({ type: 'model.retried', attempt, reason, delayMs }),
  };
  if (provider === 'anthropic') return createAnthropicModel(options);
  const { createOpenAiModel } = await import('./adapters/openai-model.ts');
  const onEstimated = (model: string): void =>
    journal.emit({
      type: 'warning',
      message: `The server does not report the usage of "${model}": tokens and cost are counted at their upper bound.`,
    });
  return createOpenAiModel({ ...options, provider, cacheKey: `run-${runId}`.slice(0, 64), onEstimated });
}
