// A TLS server that echoes, and a client that greets it through a proxy. With a shared key, so that nobody needs a certificate.
import { connect as connectSocket, createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, createServer } from 'node:tls';
import type { Mirror } from '../../src/adapters/mirror/start-mirror.ts';

const key = Buffer.alloc(16, 7);
const shared = {
  ciphers: 'PSK-AES128-GCM-SHA256',
  maxVersion: 'TLSv1.2',
} as const;
/** What a client knows of the server besides. */
const client = { ...shared, pskCallback: () => ({ psk: key, identity: 'x' }), checkServerIdentity: () => undefined };

export interface TlsEcho {
  readonly port: number;
  connections(): number;
  close(): Promise<void>;
}

export async function startTlsEcho(): Promise<TlsEcho> {
  let connections = 0;
  const server = createServer({ ...shared, pskCallback: () => key }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (said: Buffer) => socket.end(`echo of ${said.toString()}`));
  });
  server.on('connection', () => void connections++);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => connections, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

export interface Greeting {
  /** None in the greeting when absent. */
  readonly serverName?: string;
  /** Sent instead of a greeting. */
  readonly plain?: string;
  /** With an extension that hides another name. */
  readonly encrypted?: boolean;
  readonly say?: string;
}

/** Asks for a tunnel; rejects with the status when it is refused. */
function askForTunnel(mirror: Pick<Mirror, 'socketPath'>, target: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ path: mirror.socketPath });
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the tunnel was closed')));
    socket.once('data', (chunk: Buffer) => {
      const [, status = ''] = /^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1')) ?? [];
      if (status === '200') resolve(socket);
      else reject(new Error(`the proxy said ${status}`));
    });
    socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n\r\n`);
  });
}

/** Puts an empty encrypted-client-hello extension at the end of a greeting, and mends the four lengths around it. */
function withEncryptedName(record: Buffer): Buffer {
  const grown = Buffer.concat([record, Buffer.from([0xfe, 0x0d, 0, 0])]);
  grown.writeUInt16BE(record.readUInt16BE(3) + 4, 3);
  grown.writeUIntBE(record.readUIntBE(6, 3) + 4, 6, 3);
  let at = 9 + 2 + 32;
  at += 1 + record.readUInt8(at);
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at);
  grown.writeUInt16BE(record.readUInt16BE(at) + 4, at);
  return grown;
}

/** The greeting that a client sends, caught by a server that never answers. */
async function catchGreeting(serverName: string): Promise<Buffer> {
  const server = createPlainServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const record = new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk: Buffer) => {
        socket.destroy();
        resolve(chunk);
      });
    });
  });
  connectTls({ ...client, port, host: '127.0.0.1', servername: serverName }).on('error', () => undefined);
  const caught = await record;
  server.close();
  return caught;
}

/** Opens a tunnel, greets, says something, and resolves with what the host answers. */
export async function tunnel(mirror: Pick<Mirror, 'socketPath'>, target: string, greeting: Greeting): Promise<string> {
  const hidden = greeting.encrypted === true ? withEncryptedName(await catchGreeting(greeting.serverName ?? '')) : null;
  const bytes = greeting.plain ?? hidden;
  const socket = await askForTunnel(mirror, target);
  return new Promise((resolve, reject) => {
    let heard = '';
    const end = (): void => (heard === '' ? reject(new Error('nothing was heard')) : resolve(heard));
    socket.once('close', end);
    if (bytes !== null) {
      socket.on('data', (chunk: Buffer) => void (heard += chunk.toString()));
      socket.write(bytes);
      return;
    }
    const secure = connectTls({
      ...client,
      socket,
      ...(greeting.serverName === undefined ? {} : { servername: greeting.serverName }),
    });
    secure.on('error', reject);
    secure.on('data', (chunk: Buffer) => void (heard += chunk.toString()));
    secure.once('end', end);
    secure.write(greeting.say ?? 'hello');
  });
}
