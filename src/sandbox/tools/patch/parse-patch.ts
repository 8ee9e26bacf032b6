// Reads the patch format that OpenAI's models are trained on (V4A): sections for files, hunks placed by their context.
import { Refusal } from '../refusal.ts';

export interface HunkLine {
  readonly kind: 'keep' | 'remove' | 'add';
  readonly text: string;
}

export interface Hunk {
  /** What stands after `@@`, outermost first: lines above the place, to tell equal places apart. */
  readonly contexts: readonly string[];
  readonly lines: readonly HunkLine[];
  /** `*** End of File`: the place is at the end. */
  readonly atEnd: boolean;
}

export type FilePatch =
  | { readonly kind: 'add'; readonly path: string; readonly content: string }
  | { readonly kind: 'delete'; readonly path: string }
  | { readonly kind: 'update'; readonly path: string; readonly moveTo: string | null; readonly hunks: readonly Hunk[] };

interface Section {
  readonly kind: string;
  readonly path: string;
  /** With the number of each line in the patch, from 1. */
  readonly lines: readonly { readonly text: string; readonly number: number }[];
}

const header = /^\*\*\* (Add|Update|Delete) File: (.+)$/;
const moveTo = /^\*\*\* Move to: (.+)$/;

/**
 * The sections of a patch in order, at least one. What stands before `*** Begin Patch` and after `*** End Patch` is
 * passed over (a shell's here-document). Throws a Refusal that names the line at fault.
 */
export function parsePatch(patch: string): readonly FilePatch[] {
  const lines = patch.replace(/\r\n/g, '\n').split('\n');
  const begin = lines.findIndex((line) => line.trimEnd() === '*** Begin Patch');
  const end = lines.findLastIndex((line) => line.trimEnd() === '*** End Patch');
  if (begin === -1) throw new Refusal('The patch has no line `*** Begin Patch`.');
  if (end < begin) throw new Refusal('The patch has no line `*** End Patch`; it may have been cut off.');
  const files = sectionsOf(lines.slice(0, end), begin + 1).map(parseSection);
  if (files.length === 0) throw new Refusal('The patch names no file.');
  return files;
}

function sectionsOf(lines: readonly string[], from: number): readonly Section[] {
  const sections: { kind: string; path: string; lines: { text: string; number: number }[] }[] = [];
  for (const [index, text] of lines.entries()) {
    if (index < from) continue;
    const [, kind, path] = header.exec(text) ?? [];
    const current = sections.at(-1);
    if (kind !== undefined && path !== undefined) sections.push({ kind, path: path.trim(), lines: [] });
    else if (current !== undefined) current.lines.push({ text, number: index + 1 });
    else if (text.trim() !== '')
      throw wrongLine(index + 1, text, '`*** Add File:`, `*** Update File:` or `*** Delete File:`');
  }
  return sections;
}

function parseSection(section: Section): FilePatch {
  const { kind, path } = section;
  const lines = withoutTrailingBlanks(section.lines);
  if (kind === 'Add') return { kind: 'add', path, content: lines.map(addedLine).join('') };
  if (kind === 'Update') return parseUpdate(path, lines);
  const [rest] = lines;
  if (rest !== undefined) throw wrongLine(rest.number, rest.text, 'nothing in a section that deletes a file');
  return { kind: 'delete', path };
}

function addedLine({ text, number }: Section['lines'][number]): string {
  if (!text.startsWith('+')) throw wrongLine(number, text, '`+` at the start of each line of a new file');
  return `${text.slice(1)}\n`;
}

function parseUpdate(path: string, lines: Section['lines']): FilePatch {
  const target = moveTo.exec(lines[0]?.text ?? '')?.[1]?.trim() ?? null;
  const hunks = parseHunks(target === null ? lines : lines.slice(1));
  if (hunks.length === 0 && target === null) throw new Refusal(`${path}: the section changes nothing.`);
  for (const [index, hunk] of hunks.entries()) {
    if (hunk.lines.some(({ kind }) => kind !== 'keep')) continue;
    throw new Refusal(`${path}, hunk ${String(index + 1)}: it has no line that starts with \`+\` or \`-\`.`);
  }
  return { kind: 'update', path, moveTo: target, hunks };
}

function parseHunks(lines: Section['lines']): readonly Hunk[] {
  const hunks: { contexts: string[]; lines: HunkLine[]; atEnd: boolean }[] = [];
  const open = (): { contexts: string[]; lines: HunkLine[]; atEnd: boolean } => {
    const hunk = { contexts: [], lines: [], atEnd: false };
    hunks.push(hunk);
    return hunk;
  };
  for (const { text, number } of lines) {
    const last = hunks.at(-1);
    if (text.startsWith('@@')) {
      const hunk = last === undefined || last.lines.length > 0 || last.atEnd ? open() : last;
      hunk.contexts.push(...contextOf(text));
    } else if (text.trimEnd() === '*** End of File') (last ?? open()).atEnd = true;
    else if (!text.startsWith('\\')) {
      const hunk = last === undefined || last.atEnd ? open() : last;
      hunk.lines.push(hunkLine(text, number));
    }
  }
  return hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.slice(0, lastWritten(hunk.lines) + 1) }));
}

/** `@@` alone, and line numbers as `diff` gives them, name no line. */
function contextOf(text: string): readonly string[] {
  const context = text.slice(2).trim();
  return context === '' || /^-\d+(,\d+)? \+\d+(,\d+)? @@/.test(context) ? [] : [context];
}

const kinds: Readonly<Record<string, HunkLine['kind']>> = { ' ': 'keep', '-': 'remove', '+': 'add' };

function hunkLine(text: string, number: number): HunkLine {
  const kind = text === '' ? 'keep' : kinds[text.charAt(0)];
  if (kind === undefined) throw wrongLine(number, text, '` `, `+`, `-`, `@@` or `***` at its start');
  return { kind, text: text.slice(1) };
}

/** Models leave an empty line between hunks; it stands for no line of the file. */
const lastWritten = (lines: readonly HunkLine[]): number =>
  lines.findLastIndex(({ kind, text }) => kind !== 'keep' || text !== '');

function withoutTrailingBlanks(lines: Section['lines']): Section['lines'] {
  return lines.slice(0, lines.findLastIndex(({ text }) => text !== '') + 1);
}

const wrongLine = (number: number, text: string, wanted: string): Refusal =>
  new Refusal(`Line ${String(number)} of the patch is \`${text.slice(0, 80)}\`; expected ${wanted}.`);
