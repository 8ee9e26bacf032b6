// The model that floor and product are measured on: answers at once, says when each request came and each reply went.
import { createServer, type ServerResponse } from 'node:http';

export interface MockReply {
  readonly text?: string;
  readonly calls?: readonly { readonly name: string; readonly input: unknown }[];
}

export interface Exchange {
  /** Milliseconds of `performance.now()`. */
  readonly arrivedAt: number;
  readonly answeredAt: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface MockModel {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  close(): void;
}

/** @param answer what to say to a request body; the same for floor and product */
export async function startMockModel(
  answer: (body: Readonly<Record<string, unknown>>) => MockReply,
): Promise<MockModel> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    // Facts about models are not served here; who asks goes by its own table.
    if (request.method !== 'POST') return void response.writeHead(404).end();
    const arrivedAt = performance.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const fields = { ...Object(body) } as Readonly<Record<string, unknown>>;
      stream(response, answer(fields), exchanges.length);
      response.end(() => exchanges.push({ arrivedAt, answeredAt: performance.now(), body: fields }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, exchanges, close };
}

function stream(response: ServerResponse, { text, calls = [] }: MockReply, count: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  const usage = { input_tokens: 100, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  const message = { id: `msg_${count}`, type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [] };
  send('message_start', { message: { ...message, stop_reason: null, stop_sequence: null, usage } });
  if (text !== undefined) block(0, { type: 'text', text: '' }, { type: 'text_delta', text });
  calls.forEach(({ name, input }, i) => {
    const started = { type: 'tool_use', id: `toolu_${count}_${i}`, name, input: {} };
    block(i + (text === undefined ? 0 : 1), started, { type: 'input_json_delta', partial_json: JSON.stringify(input) });
  });
  const stop = calls.length > 0 ? 'tool_use' : 'end_turn';
  send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 20 } });
  send('message_stop', {});

  function block(index: number, content: object, delta: object): void {
    send('content_block_start', { index, content_block: content });
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  }
}
