// A mirror before registries of the test's own, all on loopback, and clients that say what they like to it.
import { createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startMirror, type Mirror, type MirrorOptions } from '../../src/adapters/mirror/start-mirror.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an upstream answers to a path: text or bytes for 200, or more of it. */
export type Served =
  string | Buffer | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string };

export interface Upstream {
  readonly origin: string;
  readonly port: number;
  /** Every request that reached it. */
  readonly seen: { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders }[];
  /** By URL; may be changed at any time. Anything else is a 404. */
  readonly files: Map<string, Served>;
  close(): Promise<void>;
}

export async function startUpstream(files: Readonly<Record<string, Served>> = {}): Promise<Upstream> {
  const known = new Map(Object.entries(files));
  const seen: Upstream['seen'] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers });
    const found = known.get(url);
    if (found === undefined) return void response.writeHead(404).end();
    const {
      status = 200,
      headers: more = {},
      body = '',
    } = typeof found === 'object' && !Buffer.isBuffer(found) ? found : {};
    const content = Buffer.from(typeof found === 'string' || Buffer.isBuffer(found) ? found : body);
    const length = 'transfer-encoding' in more ? {} : { 'content-length': String(content.length) };
    response.writeHead(status, { ...length, ...more }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    seen,
    files: known,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

let mirrors = 0;

/** A mirror that may reach loopback, unless the options say otherwise. */
export function openMirror(directory: string, options: Partial<MirrorOptions> = {}): Promise<Mirror> {
  return startMirror({
    socketPath: join(directory, `m${++mirrors}.sock`),
    mode: 'registry',
    minimumAgeDays: 7,
    onRequest: () => undefined,
    allowLoopback: true,
    ...options,
  });
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as a package manager sends it through the forwarder. */
export function ask(
  mirror: Pick<Mirror, 'socketPath'>,
  path: string,
  { method = 'GET', headers = {} }: Asked = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { socketPath: mirror.socketPath, path, method, agent: false, headers: { host: '127.0.0.1:4873', ...headers } },
      (reply: IncomingMessage) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () => {
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** The status that a request gets which no HTTP library would send. */
export function askRaw(mirror: Pick<Mirror, 'socketPath'>, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: mirror.socketPath });
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(said) ?? [];
      if (status === undefined) return;
      socket.destroy();
      resolve(Number(status));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${said}`)));
    socket.write(text);
  });
}

export const daysAgo = (days: number): string => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
