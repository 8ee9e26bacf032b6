// One request for a message, from its body to the last byte of the answer.
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeMessage } from './compose-message.ts';
import { refusalOfRequest, type ApiError, type Dialect } from './judge-request.ts';
import { factsOf } from './model-facts.ts';
import { parseRequest, type ParsedRequest } from './parse-request.ts';
import { prefixOf } from './prefix.ts';
import type { Accounted, InputUsage, PromptCache } from './prompt-cache.ts';
import type { Script, ScriptedMessage, ScriptedReply } from './script.ts';
import { sendError, sendJson, sendStream } from './send-reply.ts';
import { chainOf, misplacedThinking } from './thinking.ts';
import { describeShapeError, messageRequestShape, type WireRequest } from './wire-request.ts';

/** One request for a message that was judged to be right. */
export interface LoggedRequest {
  readonly request: ParsedRequest;
  /** The body as it came. */
  readonly body: WireRequest;
  readonly inputUsage: InputUsage;
  /** Positions of cache marks among the blocks of the prompt, and how many blocks there are. */
  readonly marks: readonly number[];
  readonly blocks: number;
}

export interface MessageDesk {
  readonly script: Script;
  readonly latencyMs: number;
  readonly cache: PromptCache;
  readonly log: (request: LoggedRequest) => void;
}

interface Exchange {
  readonly wire: WireRequest;
  readonly parsed: ParsedRequest;
  readonly accounted: Accounted;
}

/**
 * Judges, logs and answers a request.
 * @returns why it was refused (nothing is sent then), or null when an answer was sent
 */
export async function answerMessage(
  desk: MessageDesk,
  body: unknown,
  dialect: Dialect,
  response: ServerResponse,
): Promise<ApiError | null> {
  const shape = messageRequestShape.safeParse(body);
  if (!shape.success) return { status: 400, type: 'invalid_request_error', message: describeShapeError(shape.error) };
  const refusal = refusalOfRequest(shape.data, dialect);
  if (refusal !== null) return refusal;
  const exchange = accept(desk, shape.data);
  const reply = await desk.script(exchange.parsed);
  const latencyMs = (reply.kind === 'message' ? reply.latencyMs : undefined) ?? desk.latencyMs;
  if (latencyMs > 0) await sleep(latencyMs);
  sendScripted(reply, exchange, response);
  return null;
}

/** The cache is read when a request comes in, and written when its reply begins. */
function accept(desk: MessageDesk, wire: WireRequest): Exchange {
  const blocks = prefixOf(wire);
  const accounted = desk.cache.account(blocks, factsOf(wire.model)?.minCacheTokens ?? 0);
  const marks = blocks.flatMap(({ mark }, index) => (mark === null ? [] : [index]));
  const parsed = parseRequest(wire);
  desk.log({ request: parsed, body: wire, inputUsage: accounted.usage, marks, blocks: blocks.length });
  return { wire, parsed, accounted };
}

function sendScripted(reply: ScriptedReply, exchange: Exchange, response: ServerResponse): void {
  switch (reply.kind) {
    case 'silence':
      return;
    case 'hang-up':
      response.destroy();
      return;
    case 'error':
      sendError(response, reply, reply.headers);
      return;
    case 'message':
      sendMessage(reply, exchange, response);
  }
}

function sendMessage(reply: ScriptedMessage, { wire, parsed, accounted }: Exchange, response: ServerResponse): void {
  accounted.store();
  const boundThinking = factsOf(wire.model)?.boundThinking ?? false;
  const composed = composeMessage(reply, {
    messageId: `msg_${parsed.conversation}_${parsed.turn}`,
    model: wire.model,
    maxTokens: wire.max_tokens,
    inputUsage: accounted.usage,
    chain: chainOf(wire),
    boundThinking,
    dropped: boundThinking ? misplacedThinking(wire, true) : [],
  });
  if (parsed.stream) sendStream(response, composed, reply.fault);
  else sendJson(response, 200, composed.message);
}
