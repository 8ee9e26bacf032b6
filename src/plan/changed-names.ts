// The names that a change defines anew: functions, methods, properties and types whose own lines it touches.
import type { StructuredPatchHunk } from 'diff';
import { definitionsIn } from './map/definitions.ts';

/** Shorter names stand for too many things. */
const LEAST_LENGTH = 4;

export interface ChangedSource {
  readonly path: string;
  /** All lines as the change left them; empty where the file is gone. */
  readonly lines: readonly string[];
  readonly hunks: readonly Pick<StructuredPatchHunk, 'newStart' | 'lines'>[];
}

/** What stands further right in a line is not looked at. */
const MAX_LINE = 400;
/** Lines above a hunk in which the head is looked for that its first lines belong to. */
const LINES_ABOVE = 600;

interface Line {
  readonly text: string;
  readonly indent: number;
  readonly isChanged: boolean;
}

/** Comments, also those that go on from the line above. */
export const isComment = (line: string): boolean => /^\s*(?:\/\/|\/\*|\*(?:\s|\/|$)|#(?:\s|!|$)|<!--)/.test(line);

/**
 * Names that were there and whose definition changed or went, then those that are new (nobody outside of the change can
 * use them, but another may bear the same name), each with the sources that define it. A function changes with each line
 * of its body; a class does not, but with the line that declares it: what is changed in it has a name of its own.
 */
export function changedNames(sources: readonly ChangedSource[]): ReadonlyMap<string, readonly ChangedSource[]> {
  const namesOn = (side: '-' | '+') =>
    sources.flatMap((source) =>
      source.hunks.map((hunk) => ({ source, ...namesIn(source.path, linesOf(source.lines, hunk, side)) })),
    );
  const [before, after] = [namesOn('-'), namesOn('+')];
  const found = new Map<string, readonly ChangedSource[]>();
  const add = (names: readonly string[], source: ChangedSource): void => {
    for (const name of names.filter(({ length }) => length >= LEAST_LENGTH)) {
      found.set(name, [...new Set([...(found.get(name) ?? []), source])]);
    }
  };
  for (const { own, source } of before) add(own, source);
  for (const { around, source } of [...before, ...after]) add(around, source);
  for (const { own, source } of after) add(own, source);
  return found;
}

/** True for a name that a module of JavaScript or TypeScript declares and does not export: no other file can mean it. */
export function isPrivate({ path, lines }: ChangedSource, name: string): boolean {
  if (!/\.[cm]?[jt]sx?$/.test(path) || !lines.some((line) => line.startsWith('export '))) return false;
  const word = name.replaceAll('$', '\\$');
  const declares = new RegExp(`^(?:async )?(?:function\\*?|const|let|var|class|interface|type|enum) ${word}(?![\\w$])`);
  const exported = new RegExp(`^export (?:default ${word}|\\{[^}]*(?<![\\w$])${word}(?![\\w$])[^}]*\\})`, 'm');
  return lines.some((line) => declares.test(line)) && !exported.test(lines.join('\n'));
}

/** One side of a hunk below what stands above it: a body changes under a head that the hunk need not show. */
function linesOf(all: readonly string[], hunk: ChangedSource['hunks'][number], side: '-' | '+'): readonly Line[] {
  const start = Math.max(0, hunk.newStart - 1);
  const above = all.slice(Math.max(0, start - LINES_ABOVE), start).map((line) => ` ${line}`);
  return [...above, ...hunk.lines]
    .filter((line) => line.startsWith(' ') || line.startsWith(side))
    .map((line) => ({ text: untab(line.slice(1, MAX_LINE)), isChanged: line.startsWith(side) }))
    .map((line) => ({ ...line, indent: Math.max(0, line.text.search(/\S/)) }));
}

/** `own`: on the changed lines themselves. `around`: of the unchanged heads that these lines belong to. */
function namesIn(path: string, lines: readonly Line[]): { own: readonly string[]; around: readonly string[] } {
  const [own, around]: [string[], string[]] = [[], []];
  let open: Line[] = [];
  for (const line of lines) {
    const { text, indent, isChanged } = line;
    if (text.trim() === '' || isComment(text)) continue;
    const outer = open.filter((one) => one.indent < indent);
    if (isChanged) {
      const name = definitionOn(path, text)?.name ?? propertyOn(text);
      own.push(...(name === null ? [] : [name]));
      around.push(...headOf(path, outer));
    }
    if (!ASTRAY.test(text)) open = [...outer, line];
  }
  return { own, around };
}

/** Ends of blocks and of lists of parameters, and what a preprocessor reads: their indentation tells nothing. */
const ASTRAY = /^\s*(?:[)}\]{]|#\s*(?:if|ifdef|ifndef|elif|else|endif|define|undef|include|pragma|region|endregion)\b)/;

/** `this.name = ...` and `self.name = ...`, where a property is made or set; `name?: type;` as it is declared. */
const propertyOn = (text: string): string | null =>
  /^\s*(?:this|self)\.([\w$]+)\s*(?::[^=]*)?=[^=]/.exec(text)?.[1] ??
  /^\s+(?:(?:public|private|protected|static|readonly|declare|override)\s+)*(?!default:)([\w$]+)[?!]?: .*;$/.exec(
    text,
  )?.[1] ??
  null;

/** What holds definitions of its own: its name stands wherever one of these is used. */
const CONTAINER = /^(?:[\w@.()]+\s+)*(?:class|namespace|module|object|impl|trait|protocol|extension|mod)\b/;

/** The innermost definition of those that are open; none where it is new itself, or only contains. */
function headOf(path: string, open: readonly Line[]): readonly string[] {
  for (const { text, isChanged } of open.toReversed()) {
    const definition = definitionOn(path, text);
    if (definition !== null) return isChanged || CONTAINER.test(definition.text) ? [] : [definition.name];
  }
  return [];
}

/** The definition on a line. A call that opens a block (`it('adds', () => {`, `run({`) looks like the head of a method. */
export function definitionOn(path: string, line: string): { readonly name: string; readonly text: string } | null {
  if (/^\s*(?:await\s+)?[\w$]+\s*\(.*\{\s*$/.test(line) && !isBalanced(line)) return null;
  const [found] = definitionsIn(path, [line]);
  return found === undefined ? null : { name: found.name.replace(/^#/, ''), text: found.text };
}

const isBalanced = (line: string): boolean => line.split('(').length === line.split(')').length;

/** The patterns of methods know blanks. */
export const untab = (line: string): string => line.replace(/^\t+/, (tabs) => '  '.repeat(tabs.length));
