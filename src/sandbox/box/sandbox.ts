// The seam between what runs commands and what keeps them in: a sandbox of a run, rooms in it, boxes in a room.
import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { SandboxFacts } from '../../types.ts';

/**
 * How a tree comes about: a folder that is written to; or an overlay, of layers that are only read (the topmost first), one
 * that takes all changes, and a folder that the kernel needs beside that.
 */
export type TreeSource =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'overlay'; readonly below: readonly string[]; readonly upper: string; readonly work: string };

/** What the processes of one tree may see, as paths of the machine. */
export interface RoomSpec {
  readonly tree: TreeSource;
  readonly home: string;
  readonly temporary: string;
  readonly logs: string;
  /** Folders of git objects for the agent's own git; only read, and without the lists by which they name each other. */
  readonly objects: readonly string[];
  /** Folder of the sockets that lead to the network; null where there is none. */
  readonly network: string | null;
  /** Where dependencies are copied from: below this, at these relative paths; only read. */
  readonly produced: { readonly root: string; readonly paths: readonly string[] } | null;
}

/** The same places as processes in the room name them. */
export type RoomPaths = Readonly<
  Record<'root' | 'upper' | 'home' | 'temporary' | 'logs' | 'produced' | 'network', string>
>;

export interface BoxSpec {
  readonly argv: readonly [string, ...string[]];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: StdioOptions;
  /**
   * True: in the one network of the room, where servers in the background listen. Default: in a network of its own, which holds
   * nothing but a loopback device. A backend that has no such network gives each its own.
   */
  readonly sharesNetwork?: boolean;
}

/** One process with all that it starts. */
export interface Box {
  readonly child: ChildProcess;
  /** Ends everything in it; resolves with the number of processes that would not end (0 in a namespace). */
  end(): Promise<number>;
  /** Bytes that its processes hold in memory now; null where that cannot be told. */
  memoryBytes(): number | null;
}

export interface Room {
  readonly paths: RoomPaths;
  /** Where those objects are inside, in the same order. */
  readonly objects: readonly string[];
  /** False where nothing keeps processes in. */
  readonly isContained: boolean;
  /** Program that runs our own bundle in it. */
  readonly node: string;
  /** The toolhost's bundle. */
  readonly toolhost: string;
  /** A folder searched after all others. */
  readonly shims: string;
  /** Starts a process in the root of the tree. */
  start(spec: BoxSpec): Box;
  close(): Promise<void>;
}

export interface Sandbox {
  readonly facts: Omit<SandboxFacts, 'trees'>;
  /** Environment of every process in it that depends on the view: PATH and the homes of tools. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether rooms can have trees that are overlays. */
  readonly hasOverlays: boolean;
  /** Gives directories to those who run inside. */
  own(directories: readonly string[]): Promise<void>;
  open(spec: RoomSpec): Promise<Room>;
  /** Processes that got out, or stayed; each as it may be told. Empty when all is well. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}
