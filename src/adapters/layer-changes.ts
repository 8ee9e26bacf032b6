// Reads an upper layer through the toolhost, and judges it: what of it enters the git tree, and what is gone from that.
import type { SavedTree } from '../ports.ts';
import { changesSchema } from '../sandbox/protocol.ts';
import type { TreeChanges } from './change-tree.ts';
import type { GitStore } from './git-store.ts';
import type { TreeIndex } from './git-tree-index.ts';
import { isDirectoryMode, type TreeRow } from './git-tree-objects.ts';
import { objectId } from './git-pack.ts';
import { judgeSaved, liesInSubmodule } from './judge-saved.ts';
import type { ReceivedFile, ToolhostClient } from './toolhost-client.ts';

export interface ReadLayer {
  /** Against the git tree of the layers below. */
  readonly changes: TreeChanges;
  /** Contents that the store does not have yet. */
  readonly blobs: readonly Uint8Array[];
  readonly refused: SavedTree['refused'];
}

export interface LayerChanges {
  read(): Promise<ReadLayer>;
  /** These were written by us: the toolhost will not send them back. */
  wrote(entries: readonly ({ readonly path: string } & TreeRow)[]): void;
}

export interface LayerChangesOptions {
  readonly store: Pick<GitStore, 'index' | 'objectFormat'>;
  readonly client: ToolhostClient;
  /** Git tree of the layers below. */
  readonly below: string;
}

type Changes = Awaited<ReturnType<typeof request>>;

function request(client: ToolhostClient, entered: Iterable<string>, onFile: (file: ReceivedFile) => void) {
  return client.request({ kind: 'changes', entered: [...entered] }, changesSchema, { onFile });
}

export function readLayerChanges({ store, client, below }: LayerChangesOptions): LayerChanges {
  const { index, objectFormat } = store;
  /** Files of the layer whose content the store has, by path. */
  const known = new Map<string, TreeRow>();
  /** Files that were judged and not taken: their content is not sent again, and they are judged anew each time. */
  const rejected = new Map<string, LayerFile>();
  const entered = new Set<string>();

  /** Ignored paths that hold files of the commit are looked into after all. */
  const readAll = async (onFile: (file: ReceivedFile) => void): Promise<Changes> => {
    const first = await request(client, entered, onFile);
    const before = entered.size;
    for (const path of first.ignored) {
      for (const { path: file } of await index.files(below, path)) addWithParents(entered, file, path);
    }
    return entered.size === before ? first : request(client, entered, onFile);
  };

  return {
    wrote: (entries) => {
      for (const { path, mode, id } of entries) if (mode !== '160000') known.set(path, { mode, id });
    },
    read: async () => {
      const contents = new Map<string, Buffer>();
      const said = await readAll(({ path, bytes }) => void contents.set(path, bytes));
      const filled = await filledSubmodules(index, below, said.directories);
      const found = said.files
        .filter(({ path }) => !filled.some((top) => path.startsWith(`${top}/`)))
        .map(({ path, mode }) => fileOf(path, mode, contents, { known, rejected, objectFormat }));
      const gone = await goneFrom(index, below, said.directories);
      const entries = await relevantEntries(index, below, found, gone);
      const isUnchanged = ({ path, mode, id }: LayerFile): boolean =>
        entries.get(path)?.id === id && entries.get(path)?.mode === mode;
      const files = found.filter((file) => !isUnchanged(file));
      const { taken, refused } = judgeSaved(entries, files, [...gone.keys()]);
      const refusedPaths = new Set(refused.map(({ path }) => path));
      rejected.clear();
      known.clear();
      const changes = new Map<string, TreeRow | null>(gone);
      for (const file of found) {
        if (refusedPaths.has(file.path)) rejected.set(file.path, file);
        else known.set(file.path, { mode: file.mode, id: file.id });
      }
      for (const { path } of taken) changes.set(path, known.get(path) ?? null);
      const blobs = taken.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
      const inSubmodules = filled.map((path) => ({ path, reason: liesInSubmodule }));
      return { changes, blobs, refused: [...said.refused, ...inSubmodules, ...refused] };
    },
  };
}

function addWithParents(set: Set<string>, file: string, top: string): void {
  set.add(file);
  for (let end = file.lastIndexOf('/'); end >= top.length; end = file.lastIndexOf('/', end - 1)) {
    set.add(file.slice(0, end));
  }
}

interface LayerFile {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
  /** Null where the store has it. */
  readonly bytes: Buffer | null;
}

interface Seen {
  readonly known: ReadonlyMap<string, TreeRow>;
  readonly rejected: ReadonlyMap<string, LayerFile>;
  readonly objectFormat: 'sha1' | 'sha256';
}

/** The toolhost is not believed about ids: a content is named by us, or is one that we had before. */
function fileOf(path: string, mode: string, contents: ReadonlyMap<string, Buffer>, seen: Seen): LayerFile {
  const bytes = contents.get(path) ?? seen.rejected.get(path)?.bytes ?? null;
  if (bytes !== null) return { path, mode, bytes, id: objectId('blob', bytes, seen.objectFormat) };
  const id = seen.known.get(path)?.id;
  if (id === undefined) throw new Error(`the tool process sent no content for ${path}`);
  return { path, mode, bytes, id };
}

/** Submodules of the layers below that an agent put something into. */
async function filledSubmodules(
  index: TreeIndex,
  below: string,
  directories: Changes['directories'],
): Promise<readonly string[]> {
  const filled = directories.filter(({ path, names }) => path !== '' && names.length > 0);
  const rows = await Promise.all(filled.map(({ path }) => index.entry(below, path)));
  return filled.flatMap(({ path }, i) => (rows[i]?.mode === '160000' ? [path] : []));
}

/** Paths of the layers below that the agent does not see any more; submodules are never an agent's to remove. */
async function goneFrom(
  index: TreeIndex,
  below: string,
  directories: Changes['directories'],
): Promise<ReadonlyMap<string, null>> {
  const gone = new Map<string, null>();
  for (const { path, names } of directories) {
    const row = path === '' ? { mode: '40000', id: below } : await index.entry(below, path);
    if (row === null || row.mode === '160000') continue;
    // A directory in the place of a file.
    if (!isDirectoryMode(row.mode)) gone.set(path, null);
    else {
      const left = new Set(names);
      for (const name of (await index.rows(row.id)).keys()) {
        if (!left.has(name)) await addGone(index, below, path === '' ? name : `${path}/${name}`, gone);
      }
    }
  }
  return gone;
}

async function addGone(index: TreeIndex, below: string, path: string, gone: Map<string, null>): Promise<void> {
  const files = await index.files(below, path);
  if (files.every(({ mode }) => mode !== '160000')) gone.set(path, null);
  else for (const file of files) if (file.mode !== '160000') gone.set(file.path, null);
}

/** What judging these files needs to know of the layers below: the paths themselves, and all names beside and above them. */
async function relevantEntries(
  index: TreeIndex,
  below: string,
  files: readonly LayerFile[],
  gone: ReadonlyMap<string, null>,
): Promise<ReadonlyMap<string, TreeRow>> {
  const directories = new Set<string>(['']);
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      directories.add(path.slice(0, end));
  }
  const entries = new Map<string, TreeRow>();
  for (const directory of directories) {
    for (const [name, row] of (await index.children(below, directory)) ?? []) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (!gone.has(path)) entries.set(path, row);
    }
  }
  return entries;
}
