// The private store behind the `Git` port: objects and refs of a run, out of reach of hooks and of the user's config.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock, Git } from '../ports.ts';
import { createObjectReader, type GitObject, type ObjectReader } from './git-batch.ts';
import { changedEntries, changedFiles, diffText } from './git-diff.ts';
import { createHistory, type Author } from './git-history.ts';
import { createLister, grepFiles } from './git-list.ts';
import type { ObjectFormat } from './git-pack.ts';
import { assertObjectId, gitText, runGit } from './git-process.ts';
import { createTreeIndex, type TreeIndex } from './git-tree-index.ts';
import type { Remote, RemoteOptions } from './git-remote.ts';
import { createHttpRemote } from './git-remote-http.ts';
import { createLocalRemote } from './git-remote-local.ts';
import type { Source } from './git-source.ts';
import { createTreeWriter, type TreeWriter } from './git-tree-writer.ts';

/** Who our commits are by, unless configured: GitHub shows no account for it, and nobody is impersonated. */
export const ourAuthor: Author = { name: 'ai-implement', email: 'ai-implement@noreply.invalid' };

export interface GitStoreOptions {
  /** Made with mode 0700; one that a killed process of the same run has left is gone on with. */
  readonly directory: string;
  readonly source: Source;
  readonly remote: RemoteOptions;
  readonly author?: Author;
  readonly clock: Pick<Clock, 'now'>;
  /** Branches outside `<prefix>/` are never pushed. Asked at each push: the configuration is read out of this store. */
  readonly prefix: () => string;
}

/** The `Git` port, and what trees need of the store besides. */
export interface GitStore extends Git, Pick<TreeWriter, 'writeTree' | 'changeTree'> {
  readonly objectFormat: ObjectFormat;
  /** Where the history of a shallow source ends; see git's `shallow` file. */
  readonly shallow: string;
  /** Folders of all objects: the store's own, then those it borrows from. */
  readonly objectPaths: readonly string[];
  /** Throws RunError `repository-incomplete` when it is not there. */
  readObject(id: string): Promise<GitObject>;
  /** Looks into trees of the store. */
  readonly index: TreeIndex;
  /** Trees in the history of `commit` that is not `base`'s, newest first. */
  treesBetween(base: string, commit: string): Promise<readonly string[]>;
  /** Ends the reading child. The directory is the caller's to remove. */
  close(): void;
}

/**
 * Borrowing the source's objects keeps the whole history at hand without copying a byte of it. It is safe because objects
 * are content-addressed and only read; refs, config, hooks and index of the source are not looked at. Synchronous: for a
 * handful of tiny files that takes a millisecond, and ten through the thread pool.
 */
function initialise({ directory, source }: GitStoreOptions): void {
  const at = (...names: string[]): string => join(directory, ...names);
  if (existsSync(at('HEAD'))) removeLeftLocks(directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const folder of [at('objects', 'info'), at('objects', 'pack'), at('refs', 'heads')]) {
    mkdirSync(folder, { recursive: true });
  }
  writeFileSync(at('HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(at('config'), configOf(source.objectFormat));
  writeFileSync(at('objects', 'info', 'alternates'), `${source.objectsPath}\n`);
  if (source.shallow !== '') writeFileSync(at('shallow'), source.shallow);
}

/**
 * Lock files of git children that died with a process before this one: git would wait for them for ever. That the process
 * is dead is the caller's to know (run-lock.ts).
 */
function removeLeftLocks(directory: string): void {
  const names = [...readdirSync(directory), ...listBelow(directory, 'refs')];
  for (const name of names) if (name.endsWith('.lock')) rmSync(join(directory, name), { force: true });
}

const listBelow = (directory: string, folder: string): readonly string[] =>
  readdirSync(join(directory, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

/** What `git init --bare` writes, by hand: a process less on the way to the first model request. */
const configOf = (format: ObjectFormat): string =>
  format === 'sha1'
    ? '[core]\n\trepositoryformatversion = 0\n\tbare = true\n'
    : `[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = ${format}\n`;

/** A folder of objects and all that it borrows from in its turn (gitrepository-layout(5), `objects/info/alternates`). */
function withLenders(objects: string): readonly string[] {
  const list = join(objects, 'info', 'alternates');
  const lines = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
  const paths = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => resolve(objects, line));
  return [objects, ...paths.flatMap(withLenders)];
}

async function readTreeOf(reader: ObjectReader, treeish: string): Promise<string> {
  const { type, bytes } = await reader.read(treeish);
  return type === 'tree' ? treeish : assertObjectId(/^tree (\w+)\n/.exec(bytes.toString('latin1'))?.[1] ?? '');
}

/** The remote's part of the port, for branches of ours only. */
function remotePart(options: GitStoreOptions): Pick<Git, 'remoteBranch' | 'fetch' | 'push' | 'checkPush'> {
  const { directory, remote, source } = options;
  const prefix = (): string => options.prefix().replace(/\/$/, '');
  const made: Remote =
    remote.kind === 'http' ? createHttpRemote(directory, remote) : createLocalRemote(directory, remote);
  /** Names are made of slugs and integers; this is the second wall before the user's branches. */
  const assertOurs = (branch: string): void => {
    const plain = /^\w[\w.-]*(?:\/\w[\w.-]*)+$/.test(branch) && !branch.includes('..');
    if (!plain || !branch.startsWith(`${prefix()}/`)) throw new Error(`${branch} is not a branch of ours`);
  };
  return {
    remoteBranch: made.branchHead,
    fetch: made.fetch,
    push: async (updates) => {
      updates.forEach(({ branch }) => assertOurs(branch));
      await made.push(updates);
    },
    checkPush: async () => {
      if (source.headCommit !== null) await made.check(`${prefix()}/check`, source.headCommit);
    },
  };
}

/** Looked at when a tree is opened; a run makes a few dozen. */
const maxTrees = 200;

/** Makes the store. Starts no process; later calls throw what ports.ts says. */
export function createGitStore(options: GitStoreOptions): GitStore {
  initialise(options);
  const { directory: gitDir, source, clock, author = ourAuthor } = options;
  const reader = createObjectReader(gitDir);
  const listFiles = createLister(gitDir);
  const treeOf = (treeish: string): Promise<string> => readTreeOf(reader, treeish);
  const index = createTreeIndex(reader.read, source.objectFormat);
  const writer = createTreeWriter({ gitDir, format: source.objectFormat, index, treeOf });
  return {
    storePath: gitDir,
    objectFormat: source.objectFormat,
    shallow: source.shallow,
    objectPaths: [join(gitDir, 'objects'), ...withLenders(source.objectsPath)],
    readObject: reader.read,
    listFiles,
    treeOf,
    readFile: async (commit, path) => {
      const entry = (await listFiles(commit)).find((one) => one.path === path);
      if (entry === undefined || !entry.mode.startsWith('100')) return null;
      return (await reader.read(entry.id)).bytes.toString();
    },
    grep: (commit, words) => grepFiles(gitDir, commit, words),
    changedFiles: (from, to) => changedFiles(gitDir, from, to),
    diff: (from, to) => diffText(gitDir, from, to),
    changedEntries: (from, to) => changedEntries(gitDir, from, to),
    readBlob: async (id) => (await reader.read(id)).bytes,
    setBranch: async (branch, commit) => {
      await runGit({ gitDir, args: ['update-ref', `refs/heads/${branch}`, assertObjectId(commit)] });
    },
    index,
    treesBetween: async (base, commit) => {
      const args = [
        'log',
        '--format=%T',
        `--max-count=${maxTrees}`,
        `${assertObjectId(base)}..${assertObjectId(commit)}`,
        '--',
      ];
      return (await gitText({ gitDir, args })).split('\n').filter((line) => line !== '');
    },
    ...writer,
    ...createHistory({ gitDir, author, clock }),
    ...remotePart(options),
    close: () => {
      writer.close();
      reader.close();
    },
  };
}
