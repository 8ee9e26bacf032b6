// Raw requests to the model server: what no client of ours would send must be sendable here.
import { afterEach } from '@jest/globals';
import { say, type Script } from '../../../testbed/model/script.ts';
import { startModelServer, type ModelServer, type ModelServerOptions } from '../../../testbed/model/server.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** A server that ends with the test; it answers "ok" unless told otherwise. */
export async function serve(script: Script = () => say('ok'), more: Partial<ModelServerOptions> = {}) {
  server = await startModelServer({ script, ...more });
  return server;
}

export interface Answer {
  readonly status: number;
  // What a test reads from JSON is checked by its expectations.
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export const headers = { 'content-type': 'application/json', 'x-api-key': 'k', 'anthropic-version': '2026-10-21' };

export async function post(
  url: string,
  body: unknown,
  more: Readonly<Record<string, string>> = {},
  path = '/v1/messages',
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { ...headers, ...more },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()), headers: response.headers };
}

/** A small request that is right. */
export const right = {
  model: 'claude-sonnet-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello' }],
};

export const tool = { name: 'read', description: 'Reads.', input_schema: { type: 'object', properties: {} } };
export const use = (id: string) => ({ type: 'tool_use', id, name: 'read', input: {} });
export const result = (id: string, content = 'x') => ({ type: 'tool_result', tool_use_id: id, content });
export const user = (...content: readonly unknown[]) => ({ role: 'user', content });
export const assistant = (...content: readonly unknown[]) => ({ role: 'assistant', content });
export const words = (text: string) => ({ type: 'text', text });
