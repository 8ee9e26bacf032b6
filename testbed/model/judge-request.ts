// What the real service refuses, this server refuses too, with the same status, type and (nearly) the same words.
import { faultInMessages } from './judge-messages.ts';
import { faultInSchema } from './judge-schema.ts';
import { factsOf, type ModelFacts } from './model-facts.ts';
import { prefixOf } from './prefix.ts';
import { faultInThinking } from './thinking.ts';
import type { WirePrompt, WireRequest } from './wire-request.ts';

/** An error answer of the service. */
export interface ApiError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** `error.details.error_code`, where the service sends one. */
  readonly errorCode?: string;
}

const invalid = (message: string): ApiError => ({ status: 400, type: 'invalid_request_error', message });

const MAX_CACHE_MARKS = 4;
/** From this version on sampling parameters are refused. */
const NO_SAMPLING_SINCE = '2026-10-21';

/** Why a prompt (of a message or of a count) is refused; null when it is not. */
export function refusalOfPrompt(prompt: WirePrompt): ApiError | null {
  const facts = factsOf(prompt.model);
  if (facts === null) return { status: 404, type: 'not_found_error', message: `model: ${prompt.model}` };
  const fault =
    faultInTools(prompt, facts) ??
    faultInOutput(prompt, facts) ??
    faultInThinkingMode(prompt, facts) ??
    faultInMessages(prompt, facts) ??
    faultInThinking(prompt, facts.boundThinking) ??
    faultInCacheMarks(prompt);
  return fault === null ? null : invalid(fault);
}

/** What the headers of a request say of how its body is to be read. */
export interface Dialect {
  /** `anthropic-version`. */
  readonly version: string;
  /** `anthropic-beta`, split. */
  readonly betas: readonly string[];
}

const THINKING_BINDING_BETA = 'thinking-binding-controls-2026-08-01';

export function refusalOfRequest(request: WireRequest, { version, betas }: Dialect): ApiError | null {
  const facts = factsOf(request.model);
  if (facts !== null && request.max_tokens > facts.maxOutputTokens)
    return invalid(
      `max_tokens: ${request.max_tokens} > ${facts.maxOutputTokens}, which is the maximum allowed number of output tokens for ${request.model}`,
    );
  for (const name of ['temperature', 'top_p', 'top_k'] as const)
    if (request[name] !== undefined && version >= NO_SAMPLING_SINCE)
      return invalid(`${name}: not supported in version ${version}`);
  if (request.thinking?.block_binding && !betas.includes(THINKING_BINDING_BETA))
    return invalid(`thinking.block_binding: requires the beta header ${THINKING_BINDING_BETA}`);
  const prompt = refusalOfPrompt(request);
  if (prompt !== null || facts === null) return prompt;
  const tokens = prefixOf(request).reduce((sum, block) => sum + block.tokens, 0);
  return tokens > facts.contextTokens
    ? invalid(`prompt is too long: ${tokens} tokens > ${facts.contextTokens} maximum`)
    : null;
}

function faultInTools({ tools = [], tool_choice }: WirePrompt, facts: ModelFacts): string | null {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size !== names.length) return 'tools: Tool names must be unique.';
  const bad = names.findIndex((name) => !/^[a-zA-Z0-9_-]{1,128}$/.test(name));
  if (bad !== -1) return `tools.${bad}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
  if (tool_choice === undefined) return null;
  if (names.length === 0) return 'tool_choice: may only be specified while providing tools';
  const forced = tool_choice.type === 'any' || tool_choice.type === 'tool';
  if (forced && !facts.forcedTools) return `tool_choice: forced tool use is not supported by ${facts.id}`;
  if (tool_choice.type === 'tool' && !names.includes(tool_choice.name ?? ''))
    return `tool_choice: Tool '${tool_choice.name ?? ''}' not found in provided tools`;
  return null;
}

function faultInOutput({ output_config }: WirePrompt, facts: ModelFacts): string | null {
  if (output_config?.effort && !facts.effort) return `output_config.effort: not supported by ${facts.id}`;
  return output_config?.format ? faultInSchema(output_config.format.schema) : null;
}

function faultInThinkingMode({ thinking, model }: WirePrompt, facts: ModelFacts): string | null {
  const always = facts.id === 'claude-opus-5-5' || facts.id === 'claude-fable-5-1';
  return always && (thinking?.type === 'enabled' || thinking?.type === 'disabled')
    ? `thinking.type: "${thinking.type}" is not supported by ${model}`
    : null;
}

function faultInCacheMarks(prompt: WirePrompt): string | null {
  const marks = prefixOf(prompt).flatMap(({ mark }) => mark ?? []);
  if (marks.length > MAX_CACHE_MARKS)
    return `A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`;
  const firstShort = marks.indexOf('5m');
  return firstShort !== -1 && marks.lastIndexOf('1h') > firstShort
    ? "cache_control: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block"
    : null;
}
