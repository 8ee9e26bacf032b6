// A read-only reverse proxy of the public registries. Method, path and headers are ours; the client only chooses among them.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerFile } from './answer-file.ts';
import { answerMetadata, type Asker, type MetadataDeps } from './answer-metadata.ts';
import { parseMirrorPath, type MirrorRoute } from './mirror-route.ts';
import { AddressRefused } from './public-address.ts';
import type { ReportRequest } from './request-log.ts';
import { UpstreamRefused } from './upstream-client.ts';

export interface RegistryMirrorOptions extends MetadataDeps {
  readonly report: ReportRequest;
  readonly maxFileBytes: number;
}

/** A request that is answered by its status and one line. */
interface Refusal {
  readonly status: number;
  readonly reason: string;
}

const refusalOf = ({ method, url = '', headers }: IncomingMessage): Refusal | MirrorRoute => {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, reason: 'only GET and HEAD' };
  // Whoever reaches us through a name of theirs is no package manager.
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(headers.host ?? ''))
    return { status: 403, reason: 'not our host' };
  return parseMirrorPath(url) ?? { status: 403, reason: 'no path of a registry' };
};

/** What went wrong upstream, for the log and for the client; anything unforeseen is told as such. */
function failureOf(error: unknown): Refusal {
  if (error instanceof UpstreamRefused || error instanceof AddressRefused)
    return { status: 502, reason: error.message };
  return { status: 502, reason: error instanceof Error ? error.message : String(error) };
}

function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  if (response.headersSent) response.destroy();
  else {
    const allow = status === 405 ? { allow: 'GET, HEAD' } : {};
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...allow }).end(`${reason}\n`);
  }
}

const askerOf = ({ headers }: IncomingMessage): Asker => ({
  base: `http://${headers.host ?? ''}`,
  accept: headers.accept ?? '',
  isNpm: (headers['user-agent'] ?? '').startsWith('npm/'),
});

async function answer(
  options: RegistryMirrorOptions,
  route: MirrorRoute,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number> {
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
  if (route.kind === 'file') {
    const url = new URL(route.path, options.upstreams[route.upstream]);
    return answerFile(options.client, { url, method, accept: '*/*' }, response, options.maxFileBytes);
  }
  const { status, type, body } = await answerMetadata(options, route, askerOf(request));
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length });
  response.end(method === 'HEAD' ? undefined : bytes);
  return status;
}

/** The server, not yet listening. */
export function createRegistryMirror(options: RegistryMirrorOptions): Server {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const told = { method: request.method ?? '', url: request.url ?? '' };
    const route = refusalOf(request);
    // A body is not read: nobody who may be here sends one.
    request.resume();
    if ('status' in route) {
      refuse(response, route);
      options.report({ ...told, ...route });
      return;
    }
    try {
      const status = await answer(options, route, request, response);
      options.report({ ...told, status, reason: null });
    } catch (error) {
      const failure = failureOf(error);
      refuse(response, failure);
      options.report({ ...told, ...failure });
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  // A wish for another protocol (cargo's for HTTP/2) is passed over by whoever does not listen for it; a tunnel would be cut.
  server.on('connect', ({ method = '', url = '' }: IncomingMessage, socket) => {
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nallow: GET, HEAD\r\nconnection: close\r\n\r\n');
    options.report({ method, url, status: 405, reason: 'only GET and HEAD' });
  });
  return server;
}
