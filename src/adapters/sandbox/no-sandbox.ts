// No sandbox: for a terminal whose owner asked for it. Processes are still started with an emptied environment, and what a
// command starts is searched for and ended.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { killTree, markName, traceTree, type ProcessTree } from '../../sandbox/kill-tree.ts';
import type { Box, BoxSpec, Room, RoomSpec, Sandbox } from '../../sandbox/box/sandbox.ts';
import { memoryOfFamily } from './process-family.ts';

export interface NoSandboxOptions {
  readonly toolhostPath: string;
  readonly shims: string;
  /** PATH and the like, as they are outside. */
  readonly env: Readonly<Record<string, string>>;
}

/** A sandbox that keeps nothing in. */
export function openNoSandbox(options: NoSandboxOptions): Sandbox {
  return {
    facts: { backend: 'off', network: 'none', lacks: ['Commands ran with your rights, your files and your network.'] },
    env: options.env,
    hasOverlays: false,
    own: () => Promise.resolve(),
    open: (spec) => Promise.resolve(openRoom(spec, options)),
    leftovers: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

function openRoom(spec: RoomSpec, { toolhostPath, shims }: NoSandboxOptions): Room {
  const { tree, home, temporary, logs, produced } = spec;
  if (tree.kind !== 'folder') throw new Error('a tree outside a sandbox is a folder');
  const root = tree.path;
  const running = new Set<ProcessTree>();
  return {
    paths: { root, upper: '', home, temporary, logs, produced: produced?.root ?? '', network: '' },
    // The first names the others.
    objects: spec.objects.slice(0, 1),
    isContained: false,
    node: process.execPath,
    toolhost: toolhostPath,
    shims,
    start: (box) => startPlain(box, root, running),
    close: () => Promise.resolve(),
  };
}

/** @param running what other boxes of the room have started, which the end of one must not reach */
function startPlain({ argv, env, stdio }: BoxSpec, cwd: string, running: Set<ProcessTree>): Box {
  const mark = randomUUID();
  const [program, ...args] = argv;
  const child = spawn(program, args, { cwd, env: { ...env, [markName]: mark }, detached: true, stdio });
  const { pid } = child;
  const tree = pid === undefined ? null : traceTree(pid, mark, cwd);
  if (tree !== null) running.add(tree);
  return {
    child,
    end: async () => {
      if (tree === null) return 0;
      running.delete(tree);
      return killTree(tree, [...running]);
    },
    memoryBytes: () => (pid === undefined || child.exitCode !== null ? null : memoryOfFamily(pid)),
  };
}
