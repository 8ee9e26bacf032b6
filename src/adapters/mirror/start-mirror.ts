// Entry of dist/mirror.cjs: the only way out of a sandbox that has one. Loaded when a run asks for it, not before.
import { chmod, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { RunError } from '../../errors.ts';
import { maxFileBytes as largestFile } from './answer-file.ts';
import { createHostProxy, isHostName } from './host-proxy.ts';
import { publicLookup, type Resolve } from './public-address.ts';
import { publishedBefore } from './published-before.ts';
import { createRegistryMirror } from './registry-mirror.ts';
import { createRequestLog, type ReportRequest } from './request-log.ts';
import { createUpstreamClient } from './upstream-client.ts';
import { publicUpstreams, type Upstreams } from './upstreams.ts';

export interface MirrorOptions {
  /** A path that does not exist yet, in a directory that only we can enter; at most some 100 bytes. */
  readonly socketPath: string;
  /** `registry`: GET and HEAD of public registries. `hosts`: tunnels to the hosts named. */
  readonly mode: 'registry' | 'hosts';
  /** For `hosts`: whole names, each reached on port 443 only. */
  readonly hosts?: readonly string[];
  /** Versions that were published less than this many days ago are not shown; 0 shows all. */
  readonly minimumAgeDays: number;
  /** Told of every request, once it is answered. */
  readonly onRequest: ReportRequest;
  /** For tests: other origins than the public ones. */
  readonly upstreams?: Partial<Upstreams>;
  /** For tests, whose servers are on this machine. Private networks stay closed. */
  readonly allowLoopback?: boolean;
  /** For tests: names that the system does not know. */
  readonly resolve?: Resolve;
  /** For tests: another port than 443. */
  readonly hostPort?: number;
  readonly maxFileBytes?: number;
}

export interface Mirror {
  readonly socketPath: string;
  /** What was asked so far, `GET /npm/left-pad`, refused requests too. */
  urls(): readonly string[];
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

/** More at once than that is no package manager. */
const maxConnections = 256;

function createServerFor(options: MirrorOptions, report: ReportRequest): { server: Server; release: () => void } {
  const { allowLoopback = false, resolve, minimumAgeDays, hosts = [] } = options;
  if (options.mode === 'hosts') {
    const wrong = hosts.find((host) => !isHostName(host.toLowerCase()));
    if (wrong !== undefined) {
      throw new RunError('input-invalid', { problem: `${wrong} is not the whole name of a host` });
    }
    const lookup = publicLookup(allowLoopback, resolve);
    const names = hosts.map((host) => host.toLowerCase());
    const server = createHostProxy({ hosts: names, upstreamPort: options.hostPort ?? 443, lookup, report });
    return { server, release: () => undefined };
  }
  const upstreams = { ...publicUpstreams, ...options.upstreams };
  const client = createUpstreamClient({ upstreams, allowLoopback, resolve });
  const isOldEnough = publishedBefore(minimumAgeDays, Date.now());
  const maxFileBytes = options.maxFileBytes ?? largestFile;
  const server = createRegistryMirror({ client, upstreams, isOldEnough, maxFileBytes, report });
  return { server, release: client.close };
}

/**
 * Starts the mirror on its socket.
 * @throws RunError `input-invalid` when a host is an address, a pattern or a single label
 */
export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const { socketPath } = options;
  const log = createRequestLog(options.onRequest);
  const { server, release } = createServerFor(options, log.report);
  server.maxConnections = maxConnections;
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  // The box may run as another user; the directory is what keeps others out.
  await chmod(socketPath, 0o666);
  return {
    socketPath,
    urls: log.lines,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      release();
      await closed;
      await rm(socketPath, { force: true });
    },
  };
}
