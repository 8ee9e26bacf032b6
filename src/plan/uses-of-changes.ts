// Where else the names stand that a change defines anew: callers that the diff does not show.
import { parsePatch } from 'diff';
import type { Git } from '../ports.ts';
import { changedNames, isPrivate, type ChangedSource } from './changed-names.ts';
import { asideOf, chooseUses, isUse, type Use } from './choose-uses.ts';
import { kindOf } from './map/file-kinds.ts';

/** Names looked up, lines shown in all, and files read for them: a glance at who else is concerned. */
const NAMES = 40;
const LINES = 30;
const FILES = 25;
const MAX_CHARS = 160;
/** What stands further right in a line is not looked at. */
const MAX_LINE = 400;

type Found = Awaited<ReturnType<Git['grep']>>;
type Read = (path: string) => Promise<readonly string[]>;

/**
 * Lines `path:line: text` of a commit that use a name which the diff defines, changes or takes away, and that the diff
 * does not show: sources before examples, the rarest name first, calls and accesses before other mentions. Names are
 * compared as words, with their case; prose, comments, tests (they are run) and names on every other line are left out.
 * @param diff unified, as git writes it, to `commit`
 */
export async function usesOfChanges(
  commit: string,
  diff: string,
  git: Pick<Git, 'grep' | 'readFile'>,
): Promise<readonly string[]> {
  const read: Read = async (path) => ((await git.readFile(commit, path)) ?? '').split('\n');
  const files = filesOf(diff);
  const sources = files.filter(({ path }) => kindOf(path) === 'source').slice(0, FILES);
  const names = namesToFind(
    await Promise.all(sources.map(async (file) => ({ ...file, lines: await read(file.path) }))),
  );
  if (names.size === 0) return [];
  const isShown = shownIn(files);
  const found = (await git.grep(commit, [...names.keys()])).filter(
    ({ path, line, text }) => isCode(path) && names.get(text)?.(path) === true && !isShown(path, line),
  );
  const uses = chooseUses(await readUses(found, read));
  const places = new Map(uses.map((use) => [`${use.path}:${use.line}`, use]));
  return [...places.values()]
    .slice(0, LINES)
    .toSorted(byPlace)
    .map(({ path, line, text }) => `${path}:${line}: ${text.trim().slice(0, MAX_CHARS)}`);
}

/** As one would look them up; sources before examples. */
const byPlace = (one: Use, other: Use): number =>
  asideOf(one.path) - asideOf(other.path) ||
  (one.path < other.path ? -1 : Number(one.path > other.path)) ||
  one.line - other.line;

/** Names to look for, each with the files in which it can mean what is changed. */
function namesToFind(sources: readonly ChangedSource[]): ReadonlyMap<string, (path: string) => boolean> {
  const names = [...changedNames(sources)].slice(0, NAMES);
  return new Map(
    names.map(([name, from]) => {
      const isAnywhere = from.some((source) => !isPrivate(source, name));
      return [name, (path) => isAnywhere || from.some((source) => source.path === path)];
    }),
  );
}

type FileDiff = Omit<ChangedSource, 'lines'> & { readonly shown: readonly (readonly [number, number])[] };

function filesOf(diff: string): readonly FileDiff[] {
  return parsePatch(diff).map(({ oldFileName = '', newFileName = '', hunks }) => ({
    path: (newFileName === '/dev/null' ? oldFileName : newFileName).replace(/^"?[ab]\/|"$/g, ''),
    hunks,
    shown: hunks.map(({ newStart, newLines }) => [newStart, newStart + newLines] as const),
  }));
}

/** Whether the diff shows a line of the new commit. */
function shownIn(files: readonly FileDiff[]): (path: string, line: number) => boolean {
  const shownOf = new Map(files.map(({ path, shown }) => [path, shown]));
  return (path, line) => shownOf.get(path)?.some(([from, to]) => line >= from && line < to) ?? false;
}

/** Examples and scripts are code too, but the prose beside them is not, wherever it stands. */
const isCode = (path: string): boolean =>
  ['source', 'aside'].includes(kindOf(path)) && kindOf(path.slice(path.lastIndexOf('/') + 1)) !== 'text';

/** What was found, with its lines; each once, however often the name stands there. */
async function readUses(found: Found, read: Read): Promise<readonly Use[]> {
  const paths = pathsToRead(found);
  const texts = new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
  return found
    .filter((one, index) => !isSame(one, found[index - 1]))
    .map(({ path, line, text: name }) => {
      const text = texts.get(path)?.[line - 1] ?? '';
      return { path, line, name, text: text.slice(0, MAX_LINE) };
    })
    .filter(isUse);
}

const isSame = (a: Found[number], b: Found[number] | undefined): boolean =>
  a.path === b?.path && a.line === b.line && a.text === b.text;

/** Sources first, and of these the ones that hold a name which few hold. */
function pathsToRead(found: Found): readonly string[] {
  const counts = new Map<string, number>();
  for (const { text } of found) counts.set(text, (counts.get(text) ?? 0) + 1);
  const rarest = new Map<string, number>();
  for (const { path, text } of found) {
    rarest.set(path, Math.min(rarest.get(path) ?? Infinity, counts.get(text) ?? Infinity));
  }
  const sorted = [...rarest].sort(([a, ofA], [b, ofB]) => asideOf(a) - asideOf(b) || ofA - ofB);
  return sorted.map(([path]) => path).slice(0, FILES);
}
