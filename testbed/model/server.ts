// A scripted model on loopback that speaks Anthropic's Messages API: it refuses what the service refuses, accounts the
// prompt cache as the service does, and says what a script tells it to say.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerMessage, type LoggedRequest, type MessageDesk } from './answer-message.ts';
import { refusalOfPrompt, type ApiError } from './judge-request.ts';
import { factsOf, modelInfo, modelList } from './model-facts.ts';
import { prefixOf } from './prefix.ts';
import { createPromptCache } from './prompt-cache.ts';
import type { Script } from './script.ts';
import { sendError, sendJson } from './send-reply.ts';
import { countRequestShape, describeShapeError } from './wire-request.ts';

export interface ModelServerOptions {
  readonly script: Script;
  /** The only key accepted; without it any key is. */
  readonly apiKey?: string;
  /** Time before each reply; 0 unless said. A scripted reply may have its own. */
  readonly latencyMs?: number;
  /** What it says of every model, for a compatible service that says it otherwise; null where it has no such page. */
  readonly modelInfo?: Readonly<Record<string, unknown>> | null;
  /** Milliseconds, for the life of cache entries; the system's clock unless said. */
  readonly now?: () => number;
}

export interface ModelServer {
  /** Base URL for clients. */
  readonly url: string;
  /** Requests for messages that were judged to be right, whatever the script then answered. */
  readonly requests: readonly LoggedRequest[];
  /** Paths of requests that asked for models, in the order they came, each with how many messages were asked for before. */
  readonly lookups: readonly { readonly path: string; readonly afterRequests: number }[];
  /** What was refused by the server's own judgement, not by the script. */
  readonly refusals: readonly ApiError[];
  close(): Promise<void>;
}

interface Desk extends MessageDesk {
  readonly apiKey: string | undefined;
  readonly modelInfo: Readonly<Record<string, unknown>> | null | undefined;
  readonly onLookup: (path: string) => void;
}

/** Starts the server on a free port of 127.0.0.1. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const requests: LoggedRequest[] = [];
  const refusals: ApiError[] = [];
  const lookups: { readonly path: string; readonly afterRequests: number }[] = [];
  const desk: Desk = {
    script: options.script,
    latencyMs: options.latencyMs ?? 0,
    cache: createPromptCache(options.now ?? Date.now),
    log: (request) => requests.push(request),
    apiKey: options.apiKey,
    modelInfo: options.modelInfo,
    onLookup: (path) => lookups.push({ path, afterRequests: requests.length }),
  };
  const server = createServer((request, response) => {
    answer(desk, request, response)
      .catch((error: unknown): ApiError => ({
        status: 500,
        type: 'api_error',
        message: `the script failed: ${String(error)}`,
      }))
      .then((refusal) => {
        if (refusal === null) return;
        refusals.push(refusal);
        if (response.headersSent) response.destroy();
        else sendError(response, refusal);
      });
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, requests, lookups, refusals, close: () => close(server) };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** @returns why the request is refused (nothing is sent then), or null when an answer was sent */
async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<ApiError | null> {
  const body = parseJson(await readBody(request));
  const denied = refusalOfHeaders(request, desk.apiKey);
  if (denied !== null) return denied;
  const route = `${request.method ?? ''} ${new URL(request.url ?? '/', 'http://localhost').pathname}`;
  const dialect = {
    version: String(request.headers['anthropic-version']),
    betas: String(request.headers['anthropic-beta'] ?? '').split(/\s*,\s*/),
  };
  if (route === 'POST /v1/messages') return answerMessage(desk, body, dialect, response);
  if (route === 'POST /v1/messages/count_tokens') return answerCount(body, response);
  return answerModels(desk, route, response);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Undefined for what is not JSON; the shape check then refuses it. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refusalOfHeaders({ headers }: IncomingMessage, expectedKey: string | undefined): ApiError | null {
  const apiKey = headers['x-api-key'];
  const key = typeof apiKey === 'string' ? apiKey : headers.authorization?.replace(/^Bearer /, '');
  const denied = (message: string): ApiError => ({ status: 401, type: 'authentication_error', message });
  if (key === undefined || key === '') return denied('x-api-key header is required');
  if (expectedKey !== undefined && key !== expectedKey) return denied('invalid x-api-key');
  return headers['anthropic-version'] === undefined
    ? { status: 400, type: 'invalid_request_error', message: 'anthropic-version: header is required' }
    : null;
}

function answerCount(body: unknown, response: ServerResponse): ApiError | null {
  const shape = countRequestShape.safeParse(body);
  if (!shape.success) return { status: 400, type: 'invalid_request_error', message: describeShapeError(shape.error) };
  const refusal = refusalOfPrompt(shape.data);
  if (refusal !== null) return refusal;
  sendJson(response, 200, { input_tokens: prefixOf(shape.data).reduce((sum, { tokens }) => sum + tokens, 0) });
  return null;
}

function answerModels(desk: Desk, route: string, response: ServerResponse): ApiError | null {
  const model = /^GET \/v1\/models\/([^/]+)$/.exec(route)?.[1];
  if (/^GET \/v1\/models/.test(route)) desk.onLookup(route.slice('GET '.length));
  if (desk.modelInfo !== undefined) {
    if (desk.modelInfo === null) sendError(response, { status: 404, type: 'not_found_error', message: 'Not Found' });
    else sendJson(response, 200, desk.modelInfo);
    return null;
  }
  const facts = model === undefined ? null : factsOf(model);
  if (route === 'GET /v1/models') sendJson(response, 200, modelList());
  else if (facts !== null) sendJson(response, 200, modelInfo(facts));
  else return { status: 404, type: 'not_found_error', message: model === undefined ? 'Not Found' : `model: ${model}` };
  return null;
}
