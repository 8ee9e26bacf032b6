// Passes a file on as it comes, up to a size.
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { bodyOf, UpstreamRefused, type UpstreamClient, type UpstreamRequest } from './upstream-client.ts';

/** Wheels of machine-learning frameworks are near 1 GB; nothing that a build needs is larger. */
export const maxFileBytes = 1024 * 1024 * 1024;

async function* upTo(maxBytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw new UpstreamRefused(`a file is larger than ${maxBytes} bytes`);
    yield chunk;
  }
}

/** Answers with status, type, length and body of the upstream, and with no other header of it. Returns the status. */
export async function answerFile(
  client: Pick<UpstreamClient, 'ask'>,
  request: UpstreamRequest,
  response: ServerResponse,
  maxBytes: number,
): Promise<number> {
  const reply = await client.ask(request);
  const status = reply.statusCode ?? 502;
  const length = reply.headers['content-length'];
  if (Number(length ?? 0) > maxBytes) {
    reply.destroy();
    throw new UpstreamRefused(`a file is larger than ${maxBytes} bytes`);
  }
  if (status !== 200) {
    reply.resume();
    response.writeHead(status < 400 ? 502 : status).end();
    return status < 400 ? 502 : status;
  }
  const isPlain = reply.headers['content-encoding'] === undefined;
  response.writeHead(200, {
    'content-type': reply.headers['content-type'] ?? 'application/octet-stream',
    ...(isPlain && length !== undefined ? { 'content-length': length } : {}),
  });
  if (request.method === 'HEAD') {
    reply.resume();
    response.end();
  } else await pipeline(upTo(maxBytes, bodyOf(reply)), response);
  return status;
}
