// Judges what differs between two commits or trees: paths and modes first, then content, then size.
import type { ChangedEntry, Git } from '../ports.ts';
import { isGitLookAlike, linkLeavesTree } from '../sandbox/look-alikes.ts';
import type { DiffFinding, DiffJudgement } from '../types.ts';
import { addedLines } from './added-lines.ts';
import { maxReadBytes, maxReadFiles, maxReadTotalBytes, sizeFindings } from './caps.ts';
import { hiddenFindings, longLineFlags, mayHide, secretFindings, type FindSecrets } from './content-findings.ts';
import type { DiffPolicy } from './diff-policy.ts';
import { pathFlags } from './flagged-paths.ts';
import { createPathMatcher, foldPath, matcher } from './match-paths.ts';
import { isLockfile, packageFileKind } from './package-files.ts';
import { packageJsonFlags } from './package-json-flags.ts';
import { packageSourceFindings } from './package-sources.ts';
import { pathFindings } from './path-findings.ts';

export interface JudgeChangesDeps {
  readonly git: Pick<Git, 'changedEntries' | 'readBlob' | 'listFiles'>;
  readonly findSecrets: FindSecrets;
}

/** What one file adds to the whole. */
interface Judged extends DiffJudgement {
  readonly bytes: number;
  readonly lines: number;
}

/** Blocks and flags of the change from one commit or tree to another. Reads objects of the store alone. */
export async function judgeChanges(
  from: string,
  to: string,
  policy: DiffPolicy,
  deps: JudgeChangesDeps,
): Promise<DiffJudgement> {
  const entries = await deps.git.changedEntries(from, to);
  const context = {
    isProtected: createPathMatcher(policy),
    isExcluded: matcher(policy.exclude),
    topDirectories: await topDirectories(from, entries, deps),
  };
  const byPath = entries.flatMap((entry) => pathFindings(entry, context));
  const judged: Judged[] = [];
  let read = 0;
  // One after another: each may hold some megabytes. What is far over the caps anyway is not read to its end.
  for (const entry of entries.slice(0, maxReadFiles)) {
    read += entry.sizeBytes;
    judged.push(
      read > maxReadTotalBytes ? { ...none, bytes: entry.sizeBytes } : await judgeContent(entry, policy, deps),
    );
  }
  const sum = (pick: (one: Judged) => number): number => judged.reduce((total, one) => total + pick(one), 0);
  const size = { files: entries.length, bytes: sum(({ bytes }) => bytes), lines: sum(({ lines }) => lines) };
  return {
    blocks: [...byPath, ...judged.flatMap(({ blocks }) => blocks), ...sizeFindings(size)],
    flags: [...entries.flatMap(pathFlags), ...judged.flatMap(({ flags }) => flags)],
  };
}

/** Top-level directories of the base, looked up only where a change lies below a name that begins with a dot. */
async function topDirectories(
  from: string,
  entries: readonly ChangedEntry[],
  { git }: JudgeChangesDeps,
): Promise<ReadonlySet<string>> {
  if (!entries.some(({ path }) => foldPath(path).startsWith('.'))) return new Set();
  const paths = (await git.listFiles(from)).map(({ path }) => path);
  return new Set(paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))));
}

const none: Judged = { blocks: [], flags: [], bytes: 0, lines: 0 };

async function judgeContent(entry: ChangedEntry, policy: DiffPolicy, deps: JudgeChangesDeps): Promise<Judged> {
  const { newId, newMode, sizeBytes } = entry;
  if (newId === null || newMode === null || newMode === GITLINK) return none;
  const isSame = newId === entry.oldId && (newMode === LINK) === (entry.oldMode === LINK);
  if (isSame) return none;
  if (sizeBytes > maxReadBytes) return { ...none, bytes: sizeBytes, flags: [binaryFlag(entry)] };
  const bytes = await deps.git.readBlob(newId);
  if (newMode === LINK) return judgeLink(entry, textOf(bytes), deps);
  const before = await oldContent(entry, deps);
  if (isBinary(bytes)) return judgeBinary(entry, bytes, deps);
  return judgeText(entry.path, { before, after: textOf(bytes) }, policy, deps);
}

const LINK = '120000';
const GITLINK = '160000';

/** Empty for a file that was none before. */
async function oldContent({ oldId, oldMode }: ChangedEntry, { git }: JudgeChangesDeps): Promise<string> {
  if (oldId === null || oldMode?.startsWith('100') !== true) return '';
  return textOf(await git.readBlob(oldId));
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** git's own rule: a NUL among the first 8,000 bytes. */
const isBinary = (bytes: Uint8Array): boolean => bytes.subarray(0, 8_000).includes(0);

function judgeLink({ path }: ChangedEntry, target: string, { findSecrets }: JudgeChangesDeps): Judged {
  const line = [{ line: 1, text: target }];
  const leaves = linkLeavesTree(path, target) || isGits(target);
  const block = { rule: 'link', path, line: null, words: 'It is a link that leads out of the repository.' } as const;
  const secrets = secretFindings(path, line, findSecrets);
  return { ...none, blocks: [...(leaves ? [block] : []), ...secrets, ...hiddenFindings(path, line)] };
}

/** A link into git's own directory stays in the tree and still leads out of what is versioned. */
const isGits = (target: string): boolean => target.split('/').some(isGitLookAlike);

function judgeBinary(entry: ChangedEntry, bytes: Uint8Array, { findSecrets }: JudgeChangesDeps): Judged {
  const whole = [{ line: 1, text: Buffer.from(bytes).toString('latin1') }];
  const secrets = secretFindings(entry.path, whole, findSecrets).map((one) => ({ ...one, line: null }));
  return { ...none, bytes: bytes.length, blocks: secrets, flags: [binaryFlag(entry)] };
}

const binaryFlag = ({ path }: ChangedEntry): DiffFinding => ({
  rule: 'binary',
  path,
  line: null,
  words: 'It is binary; no one can read the change.',
});

function judgeText(
  path: string,
  { before, after }: { readonly before: string; readonly after: string },
  { allowedRegistryHosts }: DiffPolicy,
  { findSecrets }: JudgeChangesDeps,
): Judged {
  const added = addedLines(before, after);
  const hidden = hiddenFindings(path, added);
  const locked = isLockfile(path);
  return {
    blocks: [
      ...packageSourceFindings(path, { before, after }, allowedRegistryHosts),
      ...secretFindings(path, added, findSecrets),
      ...(mayHide(path) ? [] : hidden),
    ],
    flags: [
      ...(packageFileKind(path) === 'package-json' ? packageJsonFlags(path, before, after) : []),
      ...(mayHide(path) ? hidden : []),
      ...longLineFlags(path, added),
    ],
    bytes: added.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0),
    lines: locked ? 0 : added.length,
  };
}
