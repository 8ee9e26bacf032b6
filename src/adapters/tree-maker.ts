// How trees come about, whichever way: the seam behind the `Trees` port.
import type { CommandResult, CommandSpec, Trees } from '../ports.ts';
import type { GitStore } from './git-store.ts';
import type { RunNetwork } from './run-network.ts';
import type { OpenTree } from './tree.ts';
import type { TreeRooms } from './tree-room.ts';

export interface MadeTree {
  readonly tree: Omit<OpenTree, 'produced' | 'takeProduced' | 'refresh'>;
  readonly close: () => Promise<void>;
}

export interface TreeMaker extends Pick<Trees, 'reuse'> {
  setup(commit: string, spec: CommandSpec, signal?: AbortSignal): Promise<CommandResult>;
  open(name: string, commit: string): Promise<MadeTree>;
}

export interface TreeMakerOptions {
  readonly rooms: TreeRooms;
  readonly store: GitStore;
  readonly checkout?: string;
  readonly network?: RunNetwork;
  /** Whether a room keeps what it shows from being written to. */
  readonly isContained: boolean;
}

/** The branch that an agent's own git shows. */
export const branchName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'tree';
