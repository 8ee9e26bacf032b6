// Writes answers to the wire: errors, chunks, and streams that break as a script says.
import type { ServerResponse } from 'node:http';
import type { StreamFault } from '../model/script.ts';
import type { ChatChunk } from './compose-chat.ts';
import type { ChatError } from './chat-error.ts';

/** An error in the shape of the services. */
export function sendChatError(
  response: ServerResponse,
  error: ChatError,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(error.status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(errorBody(error)));
}

/** The stream of a reply, with its fault if it has one. */
export function sendChunks(
  response: ServerResponse,
  chunks: readonly ChatChunk[],
  fault: StreamFault | undefined,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const sent: readonly (ChatChunk | string)[] =
    fault === undefined ? [...chunks, '[DONE]'] : chunks.slice(0, fault.afterEvents);
  const bytes = sent.map(eventText).join('');
  // A cut must not overtake what was written before it.
  const written = (): void => (fault === undefined ? void response.end() : breakStream(response, fault));
  if (bytes === '') written();
  else response.write(bytes, written);
}

function breakStream(response: ServerResponse, fault: StreamFault): void {
  switch (fault.kind) {
    case 'disconnect':
      response.destroy();
      return;
    case 'end':
      response.end();
      return;
    case 'error': {
      const type = fault.errorType ?? 'server_error';
      response.end(eventText(errorBody({ type, message: `scripted ${type}` })));
      return;
    }
    case 'stall':
      // The client, or the end of the server, closes it.
      return;
  }
}

const eventText = (event: ChatChunk | string): string =>
  `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`;

function errorBody({ type, message, param, code }: Omit<ChatError, 'status'>) {
  return { error: { message, type, param: param ?? null, code: code ?? null } };
}
