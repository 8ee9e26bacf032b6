// A loopback server whose answers a test writes down: for replies of GitHub that no emulator gives on demand.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGitHub } from '../../src/adapters/github-api.ts';
import type { GitHubRetry } from '../../src/adapters/github-retry.ts';

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
/** `lost` takes the request and breaks the connection; `torn` breaks it in the middle of the body; `silent` never answers. */
type Reply = Answer | 'lost' | 'torn' | 'silent';
export interface SeenRequest {
  readonly line: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** Answers each request with `answer(line, count)`: `line` is "GET /repos/...", `count` how often it came before. */
export async function startAnswers(answer: (line: string, count: number) => Reply) {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const line = `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`;
      const reply = answer(line, requests.filter((one) => one.line === line).length);
      requests.push({ line, body, authorization: request.headers.authorization });
      if (reply === 'silent') return;
      if (reply === 'lost') return void response.destroy();
      const text = JSON.stringify(reply === 'torn' ? { id: 1 } : (reply.body ?? {}));
      const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
      response.writeHead(reply === 'torn' ? 200 : reply.status, {
        ...headers,
        ...(reply === 'torn' ? {} : reply.headers),
      });
      if (reply === 'torn') response.write(text.slice(0, 4), () => response.destroy());
      else response.end(text);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/v3/`;
  const dispose = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, requests, [Symbol.dispose]: dispose };
}

/** The adapter on such a server, with a clock that notes each wait instead of waiting. */
export function connect(apiUrl: string, timeoutMs = 5000, token = 'tok-test') {
  const waits: number[] = [];
  const retries: GitHubRetry[] = [];
  const clock = {
    now: () => Date.parse('2026-11-22T12:00:00Z'),
    sleep: (ms: number) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
  const github = createGitHub({
    apiUrl,
    token,
    repository: { owner: 'octo', name: 'shop' },
    clock,
    onRetry: (retry) => retries.push(retry),
    timeoutMs,
  });
  return { github, waits, retries };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
