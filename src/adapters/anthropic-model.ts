// Anthropic's models behind the Model port.
import Anthropic from '@anthropic-ai/sdk';
import { inputUpperBound } from '../money/input-bound.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { Model, ModelRequest } from '../ports.ts';
import { attempt, type AttemptDeps } from './anthropic-attempt.ts';
import { requestBody } from './anthropic-request.ts';
import { CALL_DEADLINE_MS, createCourse, type CourseOptions, type PlannedCall } from './model-course.ts';

const DEFAULT_URL = 'https://api.anthropic.com';

export interface AnthropicModelOptions extends CourseOptions {
  readonly apiKey: string;
  /** Default: https://api.anthropic.com. The environment is not read. */
  readonly baseUrl?: string;
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
  const course = createCourse(options);
  const deps = { client, clock: options.clock };
  return { send: (request, signal) => course(request, (price) => planCall(deps, request, price), signal) };
}

function planCall(deps: AttemptDeps, request: ModelRequest, price: ModelPrice): PlannedCall {
  const body = requestBody(request, price);
  const inputUpperTokens = request.inputUpperTokens ?? boundOf(body);
  return {
    maxTokens: body.max_tokens,
    inputUpperTokens,
    attempt: (signal, onBegun) => attempt(deps, { body, inputUpperTokens, signal, onBegun }),
  };
}

function boundOf(body: unknown): number {
  const firstCallBytes = Buffer.byteLength(JSON.stringify(body));
  return inputUpperBound({ previousTotalTokens: 0, newBytes: 0, firstCallBytes });
}
