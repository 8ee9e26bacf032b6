// How a command in a sandbox reaches the mirror: through ports of its own loopback, which lead to sockets that the room shows.
import { registryEnvironment } from './registry-environment.ts';

/** What a room shows of the network, below `folder`. */
export interface RoomNetwork {
  /** Folder of the sockets, as the room names it. */
  readonly folder: string;
  /** Whether the proxy for named hosts is there besides the mirror. */
  readonly hosts: boolean;
}

/** Names of the sockets in their folder. */
export const registrySocket = 'registry.sock';
export const hostsSocket = 'hosts.sock';

/** The first port; commands of a room that run at the same time have different ones. */
const firstPort = 20_080;

export interface Networked {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command with its way to the mirror, and the variables by which package managers find it.
 * @param number of the command in its room, from 0
 */
export function networkArgv(
  argv: readonly [string, ...string[]],
  { node, toolhost }: { readonly node: string; readonly toolhost: string },
  network: RoomNetwork,
  number: number,
): Networked {
  const port = firstPort + 2 * (number % 20_000);
  const forward = (socket: string, at: number): readonly string[] => [
    ...[toolhost, 'forward', `${network.folder}/${socket}`, String(at), '--'],
  ];
  const registry = [node, ...forward(registrySocket, port)] as const;
  const env = registryEnvironment(port);
  if (!network.hosts) return { argv: [node, ...registry.slice(1), ...argv], env };
  const proxy = `http://127.0.0.1:${port + 1}`;
  const proxied = {
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
  const both = [...registry.slice(1), node, ...forward(hostsSocket, port + 1)];
  return { argv: [node, ...both, ...argv], env: { ...env, ...proxied } };
}
