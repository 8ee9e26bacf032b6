// Anthropic's models behind the Model port.
import Anthropic from '@anthropic-ai/sdk';
import { inputUpperBound } from '../money/input-bound.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { Model, ModelRequest } from '../ports.ts';
import { attempt, type AttemptDeps } from './anthropic-attempt.ts';
import { countTokens } from './anthropic-count.ts';
import { isPrefixMismatch } from './anthropic-failure.ts';
import { createModelLimits, type ModelLimits } from './anthropic-limits.ts';
import { requestBody } from './anthropic-request.ts';
import { CALL_DEADLINE_MS } from './call-deadline.ts';
import type { FailedAttempt } from './model-attempt.ts';
import { createCourse, type CourseOptions, type PlannedCall } from './model-course.ts';
import { prefixKey } from './prefix-key.ts';
import { createThinkingBinding, type ThinkingBinding } from './thinking-binding.ts';

const DEFAULT_URL = 'https://api.anthropic.com';
/** Of a model that nothing is known of: the smallest of listed ones (see money/prices.ts). */
const SMALLEST_WINDOW_TOKENS = 200_000;

export interface AnthropicModelOptions extends CourseOptions {
  readonly apiKey: string;
  /** Default: https://api.anthropic.com. The environment is not read. */
  readonly baseUrl?: string;
  /** Whether the last words of a text only repeat themselves: such a reply is cut, tried once more, then fails. */
  readonly isRunaway?: (text: string) => boolean;
}

/**
 * The Model port on Anthropic's Messages API, always streaming. A reply is handed over whole or not at all.
 * @throws RunError `model-unpriced` (from `send`) for a model without a price
 */
export function createAnthropicModel(options: AnthropicModelOptions): Model {
  const client = new Anthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? DEFAULT_URL,
    // A hidden retry would spend money that nobody reserved.
    maxRetries: 0,
    timeout: CALL_DEADLINE_MS,
    logLevel: 'off',
    openTelemetry: false,
  });
  const limits = createModelLimits(client, options.clock);
  const course = createCourse(options);
  const deps: Deps = {
    client,
    clock: options.clock,
    isRunaway: options.isRunaway ?? null,
    limits,
    binding: createThinkingBinding(),
  };
  const priceOf = (model: string): ModelPrice | null => {
    const price = options.priceOf(model);
    return price === null ? null : limits.of(price, model);
  };
  return {
    send: (request, signal) =>
      course(request, (price) => planCall(deps, request, limits.of(price, request.model)), signal),
    contextWindowTokens: (model) => priceOf(model)?.contextWindowTokens ?? SMALLEST_WINDOW_TOKENS,
    countTokens: async (request) => {
      const price = priceOf(request.model);
      return price === null ? null : countTokens(deps, requestBody(request, price));
    },
  };
}

interface Deps extends AttemptDeps {
  readonly limits: ModelLimits;
  readonly binding: ThinkingBinding;
}

/** The attempts of one call: one that is refused for its thinking is made again without what no longer fits. */
function planCall(deps: Deps, request: ModelRequest, model: ModelPrice): PlannedCall {
  const body = requestBody(request, model);
  const inputUpperTokens = request.inputUpperTokens ?? boundOf(body);
  return {
    maxTokens: body.max_tokens,
    inputUpperTokens,
    prefixKey: prefixKey(request),
    async attempt(signal, onBegun) {
      const sent = deps.binding.prepare(body, request.messages);
      const begun = (): void => {
        onBegun();
        // Beside the first reply: before the first request it would hold up the start of the run.
        deps.limits.ask(request.model);
      };
      const result = await attempt(deps, { ...sent, inputUpperTokens, signal, onBegun: begun });
      const isMisplaced = result.kind === 'failed' && isPrefixMismatch(result.failure);
      return isMisplaced && deps.binding.learn(request.messages) ? sentAgain(result) : result;
    },
  };
}

const sentAgain = (result: FailedAttempt): FailedAttempt => ({
  ...result,
  failure: {
    ...result.failure,
    mayRetry: true,
    retryAfterMs: 0,
    message: `a conversation changed behind its thinking, which is a bug of ours; sent again without that thinking (${result.failure.message})`,
  },
});

function boundOf(body: unknown): number {
  const firstCallBytes = Buffer.byteLength(JSON.stringify(body));
  return inputUpperBound({ previousTotalTokens: 0, newBytes: 0, firstCallBytes });
}
