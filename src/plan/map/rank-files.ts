// Which files a request is about: rare names count more than common ones, paths and definitions more than uses.
import { kindOf, type FileKind } from './file-kinds.ts';
import { createPathMatcher } from './path-names.ts';
import type { RequestName } from './request-names.ts';

/** One place where a needle stands. */
export interface Occurrence {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The matched text. */
  readonly text: string;
}

export interface RankedFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly score: number;
  /** Lines on which each name stands, by the index of the name. */
  readonly uses: ReadonlyMap<number, readonly number[]>;
}

/** How much a file of its kind counts, 0 to 1. */
export const kindFactor = ({ kind }: Pick<RankedFile, 'kind'>): number => KIND_FACTOR[kind];

/** A name that stands in every file still tells a little, so that a tiny repository is ranked at all. */
const LEAST_RARITY = 0.05;
/** What is left of the weight of a common word, which is not looked up. */
const OF_COMMON = 0.4;
/** A file whose own name is in the request is likely meant; a folder of that name holds many. */
const IN_FILE_NAME = 2;
const IN_FOLDER = 0.4;
/** The request names the path itself. */
const MENTIONED = 12;
/** Code is changed where it is; tests are named with their sources, the rest is shown after. */
const KIND_FACTOR: Readonly<Record<FileKind, number>> = { source: 1, test: 0.45, aside: 0.3, text: 0.25, noise: 0 };

export interface Ranking {
  /** Best first, without files that nothing speaks for. */
  readonly files: readonly RankedFile[];
  /** Worth of each name: its weight by its rarity among the files, 0 to its weight. */
  readonly worth: readonly number[];
}

/**
 * Ranks the files of a commit by what the request names.
 * @param mentioned paths that the request names itself
 */
export function rankFiles(
  paths: readonly string[],
  names: readonly RequestName[],
  occurrences: readonly Occurrence[],
  mentioned: ReadonlySet<string>,
): Ranking {
  const uses = usesByFile(names, occurrences);
  const usedIn = countFiles(
    [...uses].filter(([path]) => kindOf(path) !== 'noise').flatMap(([, found]) => [...found.keys()]),
  );
  const worth = names.map(
    ({ weight, isOnlyDefined }, name) =>
      weight * (isOnlyDefined ? OF_COMMON : rarity(usedIn.get(name) ?? 0, paths.length)),
  );
  const namesOf = createPathMatcher(names);
  const inPaths = new Map(paths.filter((path) => kindOf(path) !== 'noise').map((path) => [path, namesOf(path)]));
  const namedSo = countFiles([...inPaths.values()].flatMap(({ whole }) => whole));
  const byPathOf = (path: string): number => {
    const { whole, part, folder } = inPaths.get(path) ?? { whole: [], part: [], folder: [] };
    return (
      sumOf(whole, (name) => IN_FILE_NAME * (names[name]?.weight ?? 0) * rarity(namedSo.get(name) ?? 0, paths.length)) +
      sumOf(part, (name) => IN_FILE_NAME * 0.5 * (worth[name] ?? 0)) +
      sumOf(folder, (name) => IN_FOLDER * (worth[name] ?? 0))
    );
  };
  const files = paths.flatMap((path): RankedFile[] => {
    const kind = kindOf(path);
    const found = uses.get(path) ?? new Map<number, number[]>();
    const named = [...found].reduce((sum, [name, lines]) => sum + (worth[name] ?? 0) * frequency(lines.length), 0);
    const score = (named + byPathOf(path) + (mentioned.has(path) ? MENTIONED : 0)) * KIND_FACTOR[kind];
    return score > 0 ? [{ path, kind, score, uses: found }] : [];
  });
  return { files: files.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1)), worth };
}

/** 1 for one use, 2 for eight: a file that uses a name a hundred times is not a hundred times as likely. */
const frequency = (uses: number): number => 1 + Math.min(1, Math.log2(uses) / 3);

function usesByFile(
  names: readonly RequestName[],
  occurrences: readonly Occurrence[],
): Map<string, Map<number, number[]>> {
  const namesIn = createNameFinder(names);
  const files = new Map<string, Map<number, number[]>>();
  for (const { path, line, text } of occurrences) {
    const file = files.get(path) ?? new Map<number, number[]>();
    files.set(path, file);
    for (const name of namesIn(text)) {
      const lines = file.get(name) ?? [];
      if (lines.at(-1) !== line) lines.push(line);
      file.set(name, lines);
    }
  }
  return files;
}

/** Indexes of the names that a matched text stands for: `subcommands` may be matched for `command`, too. */
export function createNameFinder(names: readonly RequestName[]): (text: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (text) => {
    const lower = text.toLowerCase();
    const before = known.get(lower);
    if (before !== undefined) return before;
    const found = names.flatMap(({ needles, isOnlyDefined }, index) =>
      !isOnlyDefined && needles.some((needle) => lower.includes(needle)) ? [index] : [],
    );
    known.set(lower, found);
    return found;
  };
}

/** A repository of this many files has names that many files share and that tell nothing of each. */
const MANY_FILES = 500;

/**
 * 1 for a name of one file, falling with the logarithm of the number of files (inverse document frequency, scaled). In a
 * large repository it falls faster, or a file that has all the common names would pass one that has the rare one.
 */
function rarity(files: number, all: number): number {
  const share = files === 0 ? 1 : 1 - Math.log(files) / Math.log(all + 1);
  return Math.max(LEAST_RARITY, share ** (1 + Math.min(1, all / MANY_FILES)));
}

const sumOf = (names: readonly number[], valueOf: (name: number) => number): number =>
  names.reduce((sum, name) => sum + valueOf(name), 0);

function countFiles(names: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
