// One agent's tree, seen from the broker: contents go out of and come into the store as bytes; no path of it is touched.
import { RunError } from '../errors.ts';
import type { SavedTree, Tree, TreeEntry } from '../ports.ts';
import { refusedPath } from '../sandbox/look-alikes.ts';
import {
  missingBlobsSchema,
  nothingSchema,
  pathsSchema,
  savedSchema,
  toolResultSchema,
  type RepositoryRequest,
} from '../sandbox/protocol.ts';
import type { GitObject } from './git-batch.ts';
import { objectId } from './git-pack.ts';
import type { GitStore } from './git-store.ts';
import type { FlatEntry, TreeRow } from './git-tree-objects.ts';
import type { RoomCommands } from './room-commands.ts';
import { judgeDeleted, judgeSaved } from './judge-saved.ts';
import type { ReceivedFile, ToolhostClient } from './toolhost-client.ts';

export interface TreeOptions {
  readonly store: GitStore;
  readonly client: ToolhostClient;
  readonly commands: Pick<RoomCommands, 'run'>;
  /** Where the store's objects are for the agent's own git. */
  readonly objectPaths: readonly string[];
  /** Where produced paths are copied from. */
  readonly producedPath: string;
  /** Branch name that the agent's own git shows. */
  readonly branch: string;
}

/** A tree without its end: who opened its process ends it. */
export interface OpenTree extends Omit<Tree, 'close' | 'forget'> {
  forget(): void;
  /** Topmost ignored paths: what a setup command made. */
  produced(): Promise<readonly string[]>;
  /** Copies such paths from where the room shows them, or links to them, where they cannot be written to. */
  takeProduced(paths: readonly string[], how: 'copy' | 'link'): Promise<void>;
  /** Looks at all files for the agent's own git, so that no agent has to. */
  refresh(): Promise<void>;
}

/** Bytes of blobs sent at once; the answer to each batch is awaited, which bounds what is in flight. */
const batchBytes = 4 * 1024 * 1024;
/** Blobs that are read while one is awaited: the reader is kept busy, and a large repository is never in memory as a whole. */
const readsAhead = 64;

function assertWritable(entries: readonly TreeEntry[]): void {
  for (const { path } of entries) {
    const reason = refusedPath(path);
    if (reason !== null) throw new RunError('repository-unsafe', { detail: `${path}: ${reason}` });
  }
}

/** Sends blobs in batches; the answer to each is awaited. */
export async function sendBlobs(
  { store, client }: Pick<TreeOptions, 'store' | 'client'>,
  ids: readonly string[],
): Promise<void> {
  let batch: { id: string; bytes: Buffer }[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    const blobs = batch.map(({ id, bytes }) => ({ id, sizeBytes: bytes.length }));
    const body = batch.map(({ bytes }) => bytes);
    batch = [];
    size = 0;
    await client.request({ kind: 'blobs', blobs }, nothingSchema, { body });
  };
  const ahead: Promise<GitObject>[] = [];
  let asked = 0;
  const readAhead = (): void => {
    for (const id of ids.slice(asked, asked + readsAhead - ahead.length)) {
      const read = store.readObject(id);
      read.catch(() => undefined); // Told when it is its turn.
      ahead.push(read);
      asked += 1;
    }
  };
  for (const id of ids) {
    readAhead();
    const object = await ahead.shift();
    if (object === undefined) break;
    const { bytes } = object;
    batch.push({ id, bytes });
    size += bytes.length;
    if (size >= batchBytes) await flush();
  }
  if (batch.length > 0) await flush();
}

export interface Adopting {
  /** Copies all that the room shows, which is this commit with its dependencies, in place of a first `reset`. */
  adopt(commit: string): Promise<void>;
}

interface Unsaved {
  readonly changes: Map<string, TreeRow | null>;
  readonly blobs: Buffer[];
}

const nothingUnsaved = (): Unsaved => ({ changes: new Map(), blobs: [] });

interface NamedFile extends FlatEntry {
  readonly bytes: Buffer;
}

const withId = ({ path, mode, bytes }: ReceivedFile, format: GitStore['objectFormat']): NamedFile => ({
  ...{ path, mode, bytes },
  id: objectId('blob', bytes, format),
});

function note(
  entries: Map<string, FlatEntry>,
  unsaved: Unsaved,
  { deleted, taken }: { readonly deleted: readonly string[]; readonly taken: readonly NamedFile[] },
): void {
  for (const path of deleted) {
    entries.delete(path);
    unsaved.changes.set(path, null);
  }
  for (const { path, mode, id, bytes } of taken) {
    entries.set(path, { path, mode, id });
    unsaved.changes.set(path, { mode, id });
    unsaved.blobs.push(bytes);
  }
}

/** A tree whose toolhost runs and whose directory is empty; `reset` fills it. */
export function createTree(options: TreeOptions): OpenTree & Adopting {
  const { store, client } = options;
  let entries = new Map<string, FlatEntry>();
  let saved = '';
  /** What came from the toolhost, which sends it once, and is not in the store yet. */
  let unsaved = nothingUnsaved();

  const repositoryFor = async (treeish: string): Promise<RepositoryRequest | null> => {
    const { type } = await store.readObject(treeish);
    if (type !== 'commit') return null;
    const { branch, objectPaths } = options;
    return { objectPaths: [...objectPaths], shallow: store.shallow, commit: treeish, branch, renew: 'whole' };
  };

  const reset = async (treeish: string): Promise<void> => {
    const files = await store.listFiles(treeish);
    assertWritable(files);
    const wanted = files.map(({ path, mode, id }) => ({ path, mode, id }));
    const repository = await repositoryFor(treeish);
    const { objectFormat } = store;
    const message = { kind: 'reset', objectFormat, entries: wanted, repository } as const;
    const { missing } = await client.request(message, missingBlobsSchema);
    await sendBlobs(options, missing);
    await client.request({ kind: 'settle' }, nothingSchema);
    entries = new Map(wanted.map((entry) => [entry.path, entry]));
    unsaved = nothingUnsaved();
    saved = await store.treeOf(treeish);
  };

  const adopt = async (commit: string): Promise<void> => {
    const files = (await store.listFiles(commit)).map(({ path, mode, id }) => ({ path, mode, id }));
    const repository = await repositoryFor(commit);
    const { objectFormat } = store;
    const whole = repository === null ? null : { ...repository, renew: 'branch' as const };
    const message = {
      kind: 'adopt',
      from: options.producedPath,
      objectFormat,
      entries: files,
      repository: whole,
    } as const;
    await client.request(message, nothingSchema);
    entries = new Map(files.map((entry) => [entry.path, entry]));
    saved = await store.treeOf(commit);
  };

  const save = async (): Promise<SavedTree> => {
    const files: ReceivedFile[] = [];
    const onFile = (file: ReceivedFile): void => void files.push(file);
    const said = await client.request({ kind: 'save' }, savedSchema, { onFile });
    const deleted = judgeDeleted(entries, said.deleted);
    const { taken, refused } = judgeSaved(entries, files, deleted);
    note(entries, unsaved, { deleted, taken: taken.map((file) => withId(file, store.objectFormat)) });
    if (unsaved.changes.size > 0) {
      saved = await store.changeTree(saved, unsaved.changes, unsaved.blobs);
      unsaved = nothingUnsaved();
    }
    return { tree: saved, refused: [...said.refused, ...refused] };
  };

  return { ...commonTree(options), reset, save, adopt };
}

/** What is the same for a tree of either kind. */
export function commonTree(options: TreeOptions): Omit<OpenTree, 'reset' | 'save'> {
  const { client } = options;
  return {
    call: (tool, input, { owns, foreign, signal }) =>
      client.request({ kind: 'call', tool, input, owns: [...owns], foreign: [...foreign] }, toolResultSchema, {
        signal,
      }),
    // Requests are begun in the order in which they are sent, so nobody need wait; a toolhost that is gone shows nothing.
    forget: () => void client.request({ kind: 'forget' }, nothingSchema).catch(() => undefined),
    run: options.commands.run,
    refresh: async () => void (await client.request({ kind: 'refresh' }, nothingSchema)),
    produced: async () => (await client.request({ kind: 'produced' }, pathsSchema)).paths,
    takeProduced: async (paths, how) => {
      await client.request({ kind: 'copy', from: options.producedPath, paths: [...paths], how }, nothingSchema);
    },
  };
}
