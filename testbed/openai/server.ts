// A scripted model on loopback that speaks chat completions as OpenAI, Ollama or vLLM do: it refuses what they refuse,
// and says what a script tells it to say. Scripts are those of testbed/model/script.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ParsedRequest } from '../model/parse-request.ts';
import type { Script, ScriptedMessage, ScriptedReply } from '../model/script.ts';
import { composeChat, type ChatUsage } from './compose-chat.ts';
import type { Flavour } from './flavours.ts';
import { invalid, type ChatError } from './chat-error.ts';
import { refusalOfChat } from './judge-chat.ts';
import { parseChat } from './parse-chat.ts';
import { countTokens, createPrefixCache, type PrefixCache } from './prefix-cache.ts';
import { sendChatError, sendChunks } from './send-chat.ts';
import { chatRequestShape, type ChatRequest } from './wire-chat.ts';

export interface ChatServerOptions {
  readonly flavour: Flavour;
  readonly script: Script;
  /** The only key accepted, where the flavour asks for one; without it any key is. */
  readonly apiKey?: string;
}

export interface LoggedChat {
  readonly request: ParsedRequest;
  /** The body as it came. */
  readonly body: ChatRequest;
  readonly usage: ChatUsage;
}

export interface ChatServer {
  /** Base URL for clients, `/v1` included. */
  readonly url: string;
  /** Requests that were judged to be right, whatever the script then answered. */
  readonly requests: readonly LoggedChat[];
  /** What was refused by the server's own judgement, not by the script. */
  readonly refusals: readonly ChatError[];
  close(): Promise<void>;
}

interface Desk extends ChatServerOptions {
  readonly cache: PrefixCache;
  readonly log: (request: LoggedChat) => void;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const requests: LoggedChat[] = [];
  const refusals: ChatError[] = [];
  const desk: Desk = { ...options, cache: createPrefixCache(), log: (request) => requests.push(request) };
  const server = createServer((request, response) => {
    answer(desk, request, response)
      .catch((error: unknown) => ({
        status: 500,
        type: 'server_error',
        message: `the script failed: ${String(error)}`,
      }))
      .then((refusal: ChatError | null) => {
        if (refusal === null) return;
        refusals.push(refusal);
        if (response.headersSent) response.destroy();
        else sendChatError(response, refusal);
      });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${address.port}/v1`, requests, refusals, close };
}

/** @returns why the request is refused (nothing is sent then), or null when an answer was sent */
async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<ChatError | null> {
  const chunks: Uint8Array[] = [];
  for await (const part of request) chunks.push(part);
  const denied = refusalOfKey(request.headers.authorization, desk);
  if (denied !== null) return denied;
  const route = `${request.method ?? ''} ${request.url ?? ''}`;
  if (route !== 'POST /v1/chat/completions') return { ...invalid(`Invalid URL (${route})`), status: 404 };
  const shape = chatRequestShape.safeParse(parseJson(Buffer.concat(chunks).toString()));
  if (shape.success) return answerChat(desk, shape.data, response);
  const issue = shape.error.issues[0];
  return invalid(`${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not readable'}`, issue?.path.join('.'));
}

function refusalOfKey(authorization: string | undefined, { flavour, apiKey }: Desk): ChatError | null {
  if (!flavour.needsKey) return null;
  const key = authorization?.replace(/^Bearer ?/, '') ?? '';
  const denied = (message: string, code: string | null) => ({ ...invalid(message, null, code), status: 401 });
  if (key === '') return denied("You didn't provide an API key.", null);
  return apiKey === undefined || key === apiKey
    ? null
    : denied(`Incorrect API key provided: ${key.slice(0, 3)}***.`, 'invalid_api_key');
}

async function answerChat(desk: Desk, body: ChatRequest, response: ServerResponse): Promise<ChatError | null> {
  const prompt = JSON.stringify([body.model, body.tools ?? [], body.messages]);
  const promptTokens = countTokens(prompt);
  const refusal = refusalOfChat(body, desk.flavour, promptTokens);
  if (refusal !== null) return refusal;
  if (body.stream !== true) return invalid('this server only streams', 'stream');
  const logged = { request: parseChat(body), body, usage: { promptTokens, cachedTokens: desk.cache.read(prompt) } };
  desk.log(logged);
  const reply = await desk.script(logged.request);
  await send(reply, logged, desk, response);
  return null;
}

async function send(reply: ScriptedReply, logged: LoggedChat, desk: Desk, response: ServerResponse): Promise<void> {
  switch (reply.kind) {
    case 'silence':
      return;
    case 'hang-up':
      response.destroy();
      return;
    case 'error':
      sendChatError(response, { ...reply, code: reply.errorCode ?? null }, reply.headers);
      return;
    case 'message':
      if (reply.latencyMs !== undefined) await sleep(reply.latencyMs);
      sendMessage(reply, logged, desk, response);
  }
}

function sendMessage(reply: ScriptedMessage, logged: LoggedChat, { flavour }: Desk, response: ServerResponse): void {
  const { request, body, usage } = logged;
  const chunks = composeChat(reply, {
    id: `chatcmpl-${request.conversation}-${request.turn}`,
    model: body.model,
    flavour,
    maxTokens: request.maxTokens,
    usage,
    asksForUsage: body.stream_options?.include_usage ?? false,
    asksForJson: request.outputSchema !== null,
  });
  sendChunks(response, chunks, reply.fault);
}

/** Undefined for what is not JSON; the shape check then refuses it. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
