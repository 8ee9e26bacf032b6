// How large a change may be: one that nobody can read is reviewed by nobody.
import { formatCount } from '../journal/format.ts';
import type { DiffFinding, DiffRule } from '../types.ts';

/**
 * Files and bytes as gh-aw has them (docs of its safe outputs); a person reads some hundred lines in an hour. Commits are
 * those that are no merges: each task makes one, and one more for each time it is taken up again.
 */
export const caps = { files: 100, bytes: 4 * 1024 * 1024, lines: 10_000, commits: 20 } as const;

/** A file above this is not looked into: it is over the cap by itself. */
export const maxReadBytes = 10 * 1024 * 1024;

/** Nor are more files than this, or more bytes of all together. */
export const maxReadFiles = 1_000;
export const maxReadTotalBytes = 100 * 1024 * 1024;

/** More commits than this, merges among them, are not even listed. */
export const maxListed = 200;

export interface ChangeSize {
  readonly files: number;
  /** Of added lines, and of binary files. */
  readonly bytes: number;
  /** Of text files other than lockfiles, which a tool writes and a rule of its own reads. */
  readonly lines: number;
}

/** Blocks for what is over a cap. */
export function sizeFindings({ files, bytes, lines }: ChangeSize): readonly DiffFinding[] {
  return [
    ...over('too-many-files', files, caps.files, 'files'),
    ...over('too-many-bytes', bytes, caps.bytes, 'bytes'),
    ...over('too-many-lines', lines, caps.lines, 'added lines'),
  ];
}

/** A block for too many commits; none where their number is fit to be read. */
export const commitFindings = (commits: number): readonly DiffFinding[] =>
  over('too-many-commits', commits, caps.commits, 'commits');

function over(rule: DiffRule, count: number, max: number, what: string): readonly DiffFinding[] {
  if (count <= max) return [];
  const words = `The change has ${formatCount(count)} ${what}; at most ${formatCount(max)} are published.`;
  return [{ rule, path: '', line: null, words }];
}
