// What of the network a run lets its commands have, and when: see `sandbox.network` of the configuration.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hostsSocket, registrySocket } from '../sandbox/network-argv.ts';
import type { SandboxConfig } from '../types.ts';
import { startMirrorProcess } from './mirror-process.ts';

export interface RunNetworkOptions {
  readonly config: Pick<SandboxConfig, 'network' | 'hosts' | 'minimumPackageAgeDays'>;
  /** For sockets: a short path, which we alone can reach. */
  readonly directory: string;
  /** The bundled dist/mirror.cjs. */
  readonly mirrorPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onRequest: (line: string) => void;
}

/** The folder of sockets that a room is to show. */
export interface OpenNetwork {
  readonly folder: string;
  readonly hosts: boolean;
}

export interface RunNetwork {
  /** For the room of the set-up, or of anything after it; null: no network. */
  open(kind: 'setup' | 'task'): Promise<OpenNetwork | null>;
  /** The set-up is over: what was open for it alone is closed. */
  endSetup(): Promise<void>;
  close(): Promise<void>;
}

/** Nothing is started before a room asks. */
export function createRunNetwork({ config, directory, ...options }: RunNetworkOptions): RunNetwork {
  const hosts = config.network === 'hosts' && config.hosts.length > 0;
  let mirrors: Promise<readonly (() => Promise<void>)[]> | null = null;
  const start = async (): Promise<readonly (() => Promise<void>)[]> => {
    // Whoever is let in by the folder above may see the names; the sockets are for every user of this sandbox.
    await mkdir(directory, { recursive: true, mode: 0o755 });
    const common = { ...options, hosts: [...config.hosts], minimumAgeDays: config.minimumPackageAgeDays };
    return Promise.all([
      startMirrorProcess({ ...common, mode: 'registry', socketPath: join(directory, registrySocket) }),
      ...(hosts ? [startMirrorProcess({ ...common, mode: 'hosts', socketPath: join(directory, hostsSocket) })] : []),
    ]);
  };
  const close = async (): Promise<void> => {
    const open = await mirrors?.catch(() => []);
    mirrors = null;
    await Promise.all((open ?? []).map((end) => end()));
  };
  return {
    open: async (kind) => {
      if (config.network === 'none' || (config.network === 'setup' && kind !== 'setup')) return null;
      await (mirrors ??= start());
      return { folder: directory, hosts };
    },
    endSetup: async () => (config.network === 'setup' ? close() : undefined),
    close,
  };
}

/** For tests and measures: no network at all. */
export const noNetwork: RunNetwork = {
  open: () => Promise.resolve(null),
  endSetup: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
