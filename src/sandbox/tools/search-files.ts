// Searches the files of a tree for lines: no process, no index, fixed order.
import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import picomatch from 'picomatch';
import type { LinePattern } from './line-pattern.ts';
import type { Place } from './locate.ts';
import { isBinary, readBytes } from './read-bytes.ts';
import { Refusal } from './refusal.ts';
import { listFiles } from './list-files.ts';

export interface FileHits {
  /** Relative to the tree. */
  readonly path: string;
  readonly lines: readonly string[];
  /** Indexes into `lines`. */
  readonly hits: readonly number[];
}

export interface SearchLimits {
  readonly glob: string | null;
  readonly maxHits: number;
  /** Count one hit a file (only its name is wanted). */
  readonly onePerFile: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface SearchFindings {
  readonly files: readonly FileHits[];
  readonly hits: number;
  readonly filesSearched: number;
  /** Files whose search took too long, and why the rest was not searched (null when all was). */
  readonly tooSlow: readonly string[];
  readonly stopped: 'hits' | 'time' | 'aborted' | null;
}

/** Time for the whole search. */
const maxSearchMs = 20_000;
/** Larger files are data. */
const maxFileBytes = 4 * 1024 * 1024;

/** Lines that match, in files below `start` (or in it, when it is a file), up to `maxHits` and 20 s. */
export async function searchFiles(start: Place, pattern: LinePattern, limits: SearchLimits): Promise<SearchFindings> {
  const files: FileHits[] = [];
  const tooSlow: string[] = [];
  const deadline = performance.now() + maxSearchMs;
  let hits = 0;
  let filesSearched = 0;
  const maxBytes = lstatSync(start.path).isFile() ? sizeOfSearchable(start) : maxFileBytes;
  const findings = (stopped: SearchFindings['stopped']) => ({ files, hits, filesSearched, tooSlow, stopped });
  for (const path of candidates(start, limits.glob)) {
    filesSearched += 1;
    if (filesSearched % 100 === 0) await nextTick();
    if (limits.signal?.aborted === true) return findings('aborted');
    if (performance.now() > deadline) return findings('time');
    const found = searchFile(start.base, path, pattern, {
      maxBytes,
      maxHits: limits.onePerFile ? 1 : limits.maxHits - hits + 1,
    });
    if (found === 'too-slow') tooSlow.push(path);
    if (found === null || found === 'too-slow') continue;
    const room = limits.maxHits - hits;
    if (found.hits.length > room) {
      if (room > 0) files.push({ ...found, hits: found.hits.slice(0, room) });
      hits += room;
      return findings('hits');
    }
    files.push(found);
    hits += found.hits.length;
  }
  return findings(null);
}

function* candidates(start: Place, glob: string | null): Generator<string> {
  const below = start.path.slice(start.base.length + 1);
  const isFile = lstatSync(start.path).isFile();
  const wanted =
    glob === null ? () => true : picomatch(glob.replace(/^\.?\//, ''), { dot: true, basename: !glob.includes('/') });
  for (const path of isFile ? [below] : listFiles(start.base, below)) {
    if (isFile || wanted(path) || (below !== '' && wanted(path.slice(below.length + 1)))) yield path;
  }
}

function searchFile(
  base: string,
  path: string,
  pattern: LinePattern,
  { maxBytes, maxHits }: { readonly maxBytes: number; readonly maxHits: number },
): FileHits | 'too-slow' | null {
  const bytes = bytesOf(base, path, maxBytes);
  if (bytes === null || isBinary(bytes)) return null;
  const text = bytes.toString();
  if (!pattern.canMatch(text)) return null;
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const hits = pattern.matchingLines(lines, maxHits);
  if (hits === null) return 'too-slow';
  return hits.length === 0 ? null : { path, lines, hits };
}

/** A file that was asked for by its name is not passed over in silence. Throws a Refusal for what cannot be searched. */
function sizeOfSearchable(place: Place): number {
  const bytes = readBytes(place);
  if (isBinary(bytes)) throw new Refusal(`${place.name} is a binary file.`);
  return Math.max(maxFileBytes, bytes.length);
}

/** Null for what is too large, unreadable or gone since the walk. */
function bytesOf(base: string, path: string, maxBytes: number): Buffer | null {
  const file = join(base, path);
  try {
    if (lstatSync(file).size > maxBytes || realpathSync(file) !== file) return null;
    return readBytes({ name: path, path: file, base });
  } catch {
    return null;
  }
}
