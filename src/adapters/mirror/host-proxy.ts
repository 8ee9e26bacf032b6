// Tunnels to a few named hosts, for those who must. Less than a mirror: what goes through is neither seen nor logged.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { joinSockets } from '../../sandbox/join-sockets.ts';
import { readClientHello } from './client-hello.ts';
import type { ReportRequest } from './request-log.ts';

export interface HostProxyOptions {
  /** Exact names, in small letters. */
  readonly hosts: readonly string[];
  /** 443 unless told, for tests. */
  readonly upstreamPort: number;
  readonly lookup: LookupFunction;
  readonly report: ReportRequest;
}

/** How long a client may take to greet, and an upstream to answer. */
const patienceMs = 15_000;

/** Whether this may stand in the list: a whole name of two parts or more. No address, no pattern. */
export const isHostName = (host: string): boolean =>
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/.test(host) && isIP(host) === 0;

/** Collects what the client sends until its hello is whole; rejects with the reason when it may not go on. */
function awaitHello(client: Duplex, head: Buffer, host: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = head;
    const timer = setTimeout(() => end('no TLS greeting in time'), patienceMs);
    const end = (reason: string | null): void => {
      clearTimeout(timer);
      client.off('data', take);
      client.pause();
      if (reason === null) resolve(bytes);
      else reject(new Error(reason));
    };
    const judge = (): void => {
      const hello = readClientHello(bytes);
      if (hello.kind === 'incomplete') return;
      if (hello.kind === 'invalid') end('no TLS greeting');
      else if (hello.isEncrypted) end('the server name is encrypted');
      else if (hello.serverName !== host) end(`the server name is ${hello.serverName ?? 'missing'}`);
      else end(null);
    };
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      judge();
    };
    client.on('data', take);
    client.once('close', () => end('closed before its greeting'));
    judge();
  });
}

/** Connects to an address that was judged. */
function reach(options: HostProxyOptions, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: options.upstreamPort, lookup: options.lookup, timeout: patienceMs });
    socket.once('timeout', () => socket.destroy(new Error(`${host} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** The server, not yet listening. */
export function createHostProxy(options: HostProxyOptions): Server {
  const allowed = new Set(options.hosts);
  const tunnel = async (url: string, client: Duplex, head: Buffer): Promise<void> => {
    const [, host = ''] = /^([^:]+):443$/.exec(url.toLowerCase()) ?? [];
    const tell = (status: number, reason: string | null): void =>
      options.report({ method: 'CONNECT', url, status, reason });
    client.on('error', () => client.destroy());
    if (!allowed.has(host)) {
      client.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      tell(403, 'not a listed host');
      return;
    }
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    try {
      const hello = await awaitHello(client, head, host);
      const upstream = await reach(options, host);
      upstream.write(hello);
      joinSockets(client, upstream);
      tell(200, null);
    } catch (error) {
      client.destroy();
      tell(403, error instanceof Error ? error.message : String(error));
    }
  };
  const server = createServer(({ method = '', url = '' }, response) => {
    response.writeHead(405, { allow: 'CONNECT' }).end();
    options.report({ method, url, status: 405, reason: 'only CONNECT' });
  });
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex, head: Buffer) => void tunnel(url, socket, head));
  return server;
}
