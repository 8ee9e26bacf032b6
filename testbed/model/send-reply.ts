// Writes answers to the wire: JSON, server-sent events, errors, and streams that break as a script says.
import type { ServerResponse } from 'node:http';
import type { ComposedMessage, StreamEvent } from './compose-message.ts';
import type { ApiError } from './judge-request.ts';
import type { StreamFault } from './script.ts';

/** Any JSON answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** An error in the shape of the service. */
export function sendError(
  response: ServerResponse,
  error: ApiError,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, error.status, errorBody(error), headers);
}

/** The stream of a message, with its fault if it has one. */
export function sendStream(
  response: ServerResponse,
  { events }: ComposedMessage,
  fault: StreamFault | undefined,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const sent = fault === undefined ? events : events.slice(0, fault.afterEvents);
  // A cut must not overtake what was written before it.
  const written = () => (fault === undefined ? response.end() : breakStream(response, fault));
  const bytes = sent.map(eventText).join('');
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
      const type = fault.errorType ?? 'overloaded_error';
      response.end(eventText({ ...errorBody({ type, message: `scripted ${type}` }), type: 'error' }));
      return;
    }
    case 'stall':
      // The client, or the end of the server, closes it.
      return;
  }
}

const eventText = (event: StreamEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

function errorBody({ type, message, errorCode }: Pick<ApiError, 'type' | 'message' | 'errorCode'>) {
  const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
  return { type: 'error', error: { type, message, ...details }, request_id: 'req_testbed' };
}
