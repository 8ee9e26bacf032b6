// OpenAI's models, and those of any server that speaks chat completions, behind the Model port.
import OpenAI from 'openai';
import type { ContentBlock } from '../messages.ts';
import { inputUpperBound } from '../money/input-bound.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { Model, ModelRequest } from '../ports.ts';
import { CALL_DEADLINE_MS } from './call-deadline.ts';
import { createCourse, type CourseOptions, type PlannedCall } from './model-course.ts';
import { attemptChat, type ChatDeps, type ChatResult } from './openai-attempt.ts';
import { createDialects, type Dialects, type OpenAiProvider } from './openai-dialect.ts';
import { objectIn } from './openai-json.ts';
import { chatBody, maxTokensOf } from './openai-request.ts';
import { prefixKey } from './prefix-key.ts';

const DEFAULT_URL = 'https://api.openai.com/v1';
/** Of current models of OpenAI, and of any that has a price by configuration only. */
const SMALLEST_WINDOW_TOKENS = 200_000;

export interface OpenAiModelOptions extends CourseOptions {
  readonly provider: OpenAiProvider;
  /** May be empty for a server that asks for none. */
  readonly apiKey: string;
  /** Default: https://api.openai.com/v1. The environment is not read. */
  readonly baseUrl?: string;
  /** The same for all requests of a run, at most 64 characters: OpenAI keeps what they share in one place. */
  readonly cacheKey?: string;
  /** See runaway-watch.ts. */
  readonly isRunaway?: (text: string) => boolean;
  /** The server does not report usage: called once, and what it answers is counted at its upper bound. */
  readonly onEstimated?: (model: string) => void;
}

/**
 * The Model port on chat completions, always streaming. A reply is handed over whole or not at all.
 * @throws RunError `model-unpriced` (from `send`) for a model without a price
 */
export function createOpenAiModel(options: OpenAiModelOptions): Model {
  const { provider, cacheKey = null } = options;
  // The SDK wants a key even where the server does not.
  const apiKey = options.apiKey === '' ? 'none' : options.apiKey;
  const client = new OpenAI({
    apiKey,
    baseURL: options.baseUrl ?? DEFAULT_URL,
    // Nothing of these is taken from the environment, nor is a key that OPENAI_CUSTOM_HEADERS may hold.
    ...{ organization: null, project: null, adminAPIKey: null, webhookSecret: null },
    defaultHeaders: { authorization: `Bearer ${apiKey}` },
    // A hidden retry would spend money that nobody reserved.
    maxRetries: 0,
    timeout: CALL_DEADLINE_MS,
    logLevel: 'off',
  });
  const course = createCourse(options);
  const deps: Deps = {
    client,
    provider,
    cacheKey,
    clock: options.clock,
    isRunaway: options.isRunaway ?? null,
    dialects: createDialects(provider),
    tellEstimated: once(options.onEstimated ?? (() => undefined)),
  };
  return {
    send: (request, signal) => course(request, (price) => planCall(deps, request, price), signal),
    contextWindowTokens: (model) =>
      Math.min(
        options.priceOf(model)?.contextWindowTokens ?? SMALLEST_WINDOW_TOKENS,
        deps.dialects.of(model).contextTokens,
      ),
  };
}

interface Deps extends ChatDeps {
  readonly provider: OpenAiProvider;
  readonly cacheKey: string | null;
  readonly dialects: Dialects;
  readonly tellEstimated: (model: string) => void;
}

/** Each try speaks to the server as the refusals before it have taught; lessons cost nothing, so they are no tries. */
function planCall(deps: Deps, request: ModelRequest, model: ModelPrice): PlannedCall {
  const bodyNow = () => {
    const frame = { model, dialect: deps.dialects.of(request.model), cacheKey: deps.cacheKey };
    return { body: chatBody(request, frame), maxTokens: maxTokensOf(request, frame) };
  };
  const planned = bodyNow();
  const inputUpperTokens = request.inputUpperTokens ?? boundOf(planned.body);
  return {
    maxTokens: planned.maxTokens,
    inputUpperTokens,
    // A server of one's own has nothing to save by waiting.
    prefixKey: deps.provider === 'openai' ? prefixKey(request) : null,
    async attempt(signal, onBegun) {
      for (;;) {
        const attempt = { ...bodyNow(), inputUpperTokens, rates: model.rates, signal, onBegun };
        const result = await attemptChat(deps, attempt);
        if (result.refusal !== null && deps.dialects.learn(request.model, result.refusal)) continue;
        if (result.isEstimated) deps.tellEstimated(request.model);
        return request.outputSchema === null ? result : inShape(result, request.model, deps.dialects);
      }
    },
  };
}

/** A reply that must be JSON, freed of what stands around it. Where there is none, the caller asks for a repair. */
function inShape(result: ChatResult, model: string, dialects: Dialects): ChatResult {
  if (result.kind === 'failed' || result.stopReason !== 'end_turn') return result;
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const json = objectIn(text);
  if (json !== text) dialects.learnSchemaIgnored(model);
  if (json === null) return result;
  const content: readonly ContentBlock[] = [{ type: 'text', text: json }];
  return { ...result, content };
}

function boundOf(body: unknown): number {
  const firstCallBytes = Buffer.byteLength(JSON.stringify(body));
  return inputUpperBound({ previousTotalTokens: 0, newBytes: 0, firstCallBytes });
}

function once(tell: (model: string) => void): (model: string) => void {
  let told = false;
  return (model) => {
    if (!told) tell(model);
    told = true;
  };
}
