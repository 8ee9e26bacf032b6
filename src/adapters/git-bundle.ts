// The bundle in which one job hands commits to another: git's own format, written by git. It comes back from a job that ran
// strangers' code, so its header is read here by itself, and its objects are checked by git before any is believed.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunError } from '../errors.ts';
import type { ObjectFormat } from './git-pack.ts';
import { assertObjectId, GitFailure, runGit } from './git-process.ts';

export interface Bundle {
  readonly prerequisites: readonly string[];
  readonly refs: readonly { readonly ref: string; readonly commit: string }[];
  readonly pack: Buffer;
}

/**
 * Writes what the branches of the store have on top of `base`, into a folder that is made.
 * @param branches at least one, each with a commit that `base` does not reach
 */
export async function writeBundle(
  gitDir: string,
  path: string,
  { base, branches }: { readonly base: string; readonly branches: readonly string[] },
): Promise<void> {
  const refs = branches.map((branch) => `refs/heads/${branch}`);
  await mkdir(dirname(path), { recursive: true });
  await runGit({ gitDir, args: ['bundle', 'create', '--quiet', path, ...refs, `^${assertObjectId(base)}`] });
}

const refused = (detail: string, cause?: unknown): RunError => new RunError('handover-refused', { detail }, cause);

/** Header lines that are read at most; a run has one branch a task. */
const maxHeaderLines = 1000;

/**
 * Reads the header (git-scm.com/docs/gitformat-bundle) and cuts the pack off. No capability but the object format is taken:
 * the others say that objects are left out.
 * @throws RunError `handover-refused`
 */
export function readBundle(bytes: Buffer, format: ObjectFormat): Bundle {
  const { lines, rest } = headerLines(bytes);
  const [signature, ...others] = lines;
  const capabilities = others.filter((line) => line.startsWith('@'));
  const isKnown = signature === '# v2 git bundle' || signature === '# v3 git bundle';
  if (!isKnown) throw refused('the bundle is none');
  if (capabilities.some((line) => line !== `@object-format=${format}`)) throw refused('the bundle is of another kind');
  const id = format === 'sha1' ? '[0-9a-f]{40}' : '[0-9a-f]{64}';
  const prerequisites: string[] = [];
  const refs: { ref: string; commit: string }[] = [];
  for (const line of others.slice(capabilities.length)) {
    const [, minus, commit = '', name] = new RegExp(`^(-?)(${id})(?: (.*))?$`).exec(line) ?? [];
    if (minus === '-') prerequisites.push(commit);
    else if (minus === '' && name !== undefined) refs.push({ commit, ref: name });
    else throw refused('the header of the bundle is not readable');
  }
  return { prerequisites, refs, pack: rest };
}

function headerLines(bytes: Buffer): { readonly lines: readonly string[]; readonly rest: Buffer } {
  const lines: string[] = [];
  for (let start = 0; lines.length < maxHeaderLines;) {
    const end = bytes.indexOf(10, start);
    if (end < 0) break;
    if (end === start) return { lines, rest: bytes.subarray(end + 1) };
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  throw refused('the header of the bundle has no end');
}

/**
 * Takes the objects of a pack into the store, each checked as `fetch.fsckObjects` does, and all that they refer to there.
 * `git fetch` of a bundle checks them only since git 2.46, and would read the header once more.
 * @throws RunError `handover-refused`; the store has none of the objects then
 */
export async function importPack(gitDir: string, pack: Buffer): Promise<void> {
  try {
    await runGit({ gitDir, args: ['index-pack', '--stdin', '--fix-thin', '--strict'], input: pack });
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const why = error.stderr.trim().split('\n').slice(-2).join('; ');
    throw refused(`git does not take the objects of the bundle: ${why.slice(0, 300)}`, error);
  }
}
