// What the model says, written by hand: replies, errors and faults, each conversation with its own lines.
import type { ApiError } from './judge-request.ts';
import type { ParsedRequest } from './parse-request.ts';

export type ScriptedBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string }
  | { readonly type: 'tool_use'; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  /** A call whose JSON goes out as it is: cut off, or no JSON at all. */
  | { readonly type: 'tool_use'; readonly name: string; readonly json: string };

/** What breaks after so many events of the stream (0: after the headers). `end` closes it in good order, too early. */
export interface StreamFault {
  readonly kind: 'disconnect' | 'end' | 'stall' | 'error';
  readonly afterEvents: number;
  /** `error.type` of an `error` event; `overloaded_error` unless said. */
  readonly errorType?: string;
}

export interface ScriptedMessage {
  readonly kind: 'message';
  readonly content: readonly ScriptedBlock[];
  /** Default: `tool_use` where there is a call, else `end_turn`. */
  readonly stopReason?: string;
  /** Default: counted from the content. */
  readonly outputTokens?: number;
  /** Where it ran; `us` for a workspace that is kept there. `global` unless said. */
  readonly inferenceGeo?: 'us';
  readonly latencyMs?: number;
  readonly fault?: StreamFault;
}

export interface ScriptedError extends ApiError {
  readonly kind: 'error';
  readonly headers?: Readonly<Record<string, string>>;
}

/** `hang-up` closes the connection before any answer; `silence` never answers. */
export type ScriptedReply = ScriptedMessage | ScriptedError | { readonly kind: 'hang-up' | 'silence' };

export type Script = (request: ParsedRequest) => ScriptedReply | Promise<ScriptedReply>;

// ---- words to write scripts with

export const text = (words: string): ScriptedBlock => ({ type: 'text', text: words });
export const thinking = (words: string): ScriptedBlock => ({ type: 'thinking', thinking: words });
export const call = (name: string, input: Readonly<Record<string, unknown>>): ScriptedBlock => ({
  type: 'tool_use',
  name,
  input,
});

/** A reply of these blocks; a string is a text block. */
export function say(...blocks: readonly (ScriptedBlock | string)[]): ScriptedMessage {
  return { kind: 'message', content: blocks.map((block) => (typeof block === 'string' ? text(block) : block)) };
}

const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** An error answer: `fail(529)`, `fail(429, { headers: { 'retry-after': '1' } })`. */
export function fail(status: number, more: Partial<Omit<ScriptedError, 'kind' | 'status'>> = {}): ScriptedError {
  const type = TYPE_OF_STATUS[status] ?? 'api_error';
  return { kind: 'error', status, type, message: `scripted ${type}`, ...more };
}

// ---- composition

export type Turn = ScriptedReply | Script;

export interface Line {
  /** Whose conversation: text or pattern in the agent's own opening (`ParsedRequest.ownText`), or a test of the request. */
  readonly match: string | RegExp | ((request: ParsedRequest) => boolean);
  /** One entry for each request of the conversation, faults and what follows them included. */
  readonly turns: readonly Turn[];
}

/** True for the planning conversation: it alone asks for JSON by a schema. */
export const asksForJson = (request: ParsedRequest): boolean => request.outputSchema !== null;

/**
 * Gives each conversation the turns of the first line that matches it, counted per conversation, so that agents may run
 * in parallel and in any order. A request that no line foresees is refused with a sentence that says so.
 */
export function byAgent(...lines: readonly Line[]): Script {
  const played = new Map<string, number>();
  return (request) => {
    const line = lines.find(({ match }) => matches(match, request));
    if (line === undefined) return unforeseen(`no line matches: ${request.ownText.slice(0, 200)}`);
    const key = `${lines.indexOf(line)} ${request.conversation}`;
    const turn = played.get(key) ?? 0;
    played.set(key, turn + 1);
    const entry = line.turns[turn];
    if (entry === undefined)
      return unforeseen(`${String(line.match)} has ${line.turns.length} turns, asked for one more`);
    return typeof entry === 'function' ? entry(request) : entry;
  };
}

/** One conversation, whoever it is: its turns in order. */
export const inOrder = (...turns: readonly Turn[]): Script => byAgent({ match: () => true, turns });

function matches(match: Line['match'], request: ParsedRequest): boolean {
  if (typeof match === 'function') return match(request);
  return typeof match === 'string' ? request.ownText.includes(match) : match.test(request.ownText);
}

const unforeseen = (why: string): ScriptedError => fail(400, { message: `the script does not foresee this: ${why}` });
