// Tool `read`: several ranges of several files in one call, with line numbers.
import { readdirSync, statSync } from 'node:fs';
import * as z from 'zod/mini';
import { cutLine } from '../cut-output.ts';
import { type Place, locate } from './locate.ts';
import { isBinary, readBytes } from './read-bytes.ts';
import { Refusal } from './refusal.ts';
import { type ToolContext, defineTool, failure, success } from './tool.ts';

const maxLines = 2_000;
const maxBytes = 40 * 1024;
const maxLineCharacters = 2_000;
const maxEntries = 200;
/** Shorter ranges are shown again: a word about them would be as long. */
const minRepeatCharacters = 400;

const schema = z.object({
  paths: z.array(z.object({ path: z.string(), start: z.optional(z.int()), end: z.optional(z.int()) })),
});

type Range = z.infer<typeof schema>['paths'][number];

/** What one call may still show. */
interface Room {
  lines: number;
  bytes: number;
}

export const read = defineTool({
  name: 'read',
  description:
    'Read files, or line ranges of them (start and end, from 1, inclusive), with line numbers; a directory is listed. ' +
    'Ask for all you need in one call: up to 2,000 lines or 40 KB in all. Also reads .ai/logs/<n>.txt.',
  schema,
  async execute({ paths }, context) {
    if (paths.length === 0) return failure('`paths` is empty: name at least one file.');
    const parts = shareRoom(paths.map((range) => openOne(range, context)));
    const content = parts.map((part) => part.content).join('\n\n');
    return parts.every((part) => part.isError) ? failure(content) : success(content);
  },
});

interface Shown {
  readonly content: string;
  readonly isError: boolean;
}

/** Lines that are to be shown, and how many bytes that takes; or what is said at once. */
type Opened = Shown | { readonly bytes: number; readonly show: (room: Room) => string };

/** Shortest first: where not all has room, it is the longest ranges that are cut, each at the same length, and none is left out for one. */
function shareRoom(opened: readonly Opened[]): readonly Shown[] {
  const parts = new Map<Opened, Shown>();
  const waiting = opened.flatMap((one) => ('show' in one ? [one] : []));
  let room: Room = { lines: maxLines, bytes: maxBytes };
  for (const [i, one] of [...waiting].sort((a, b) => a.bytes - b.bytes).entries()) {
    const sharers = waiting.length - i;
    const share = { lines: Math.ceil(room.lines / sharers), bytes: Math.ceil(room.bytes / sharers) };
    const left = { ...share };
    parts.set(one, success(one.show(left)));
    room = { lines: room.lines - share.lines + left.lines, bytes: room.bytes - share.bytes + left.bytes };
  }
  return opened.map((one) => ('show' in one ? (parts.get(one) ?? failure('It was not read.')) : one));
}

function openOne(range: Range, context: ToolContext): Opened {
  try {
    const place = locate(range.path, context);
    const isDirectory = statSync(place.path).isDirectory();
    return isDirectory ? success(listDirectory(place)) : openLines(place, range, context);
  } catch (error) {
    if (error instanceof Refusal) return failure(error.message);
    throw error;
  }
}

function listDirectory(place: Place): string {
  const names = readdirSync(place.path, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort();
  const rest = names.length > maxEntries ? `\n[... ${String(names.length - maxEntries)} more]` : '';
  return `${place.name} is a directory with ${String(names.length)} entries:\n${names.slice(0, maxEntries).join('\n')}${rest}`;
}

function openLines(place: Place, range: Range, context: ToolContext): Opened {
  const bytes = readBytes(place);
  if (isBinary(bytes)) throw new Refusal(`${place.name} is a binary file of ${String(bytes.length)} bytes.`);
  const text = bytes.toString();
  const lines = linesOf(text);
  if (lines.length === 0) return success(`${place.name} is empty.`);
  const start = Math.max(1, range.start ?? 1);
  const end = Math.min(lines.length, range.end ?? lines.length);
  if (start > lines.length)
    throw new Refusal(`${place.name} has only ${String(lines.length)} lines; start was ${String(start)}.`);
  if (end < start) throw new Refusal(`${place.name}: end (${String(range.end)}) is before start (${String(start)}).`);
  const wanted = lines
    .slice(start - 1, end)
    .map((line, i) => `${String(start + i)}\t${cutLine(line, maxLineCharacters)}`);
  return {
    bytes: wanted.reduce((sum, line) => sum + bytesOf(line), 0),
    show: (room) => showLines(wanted, { place, text, start, of: lines.length }, room, context),
  };
}

interface Excerpt {
  readonly place: Place;
  /** Of the whole file. */
  readonly text: string;
  readonly start: number;
  /** Lines of the file. */
  readonly of: number;
}

/** Takes from the room what it shows. */
function showLines(wanted: readonly string[], excerpt: Excerpt, room: Room, { shown: memory }: ToolContext): string {
  const { place, text, start, of } = excerpt;
  const left = { ...room };
  const shown = take(wanted, left);
  const last = start + shown.length - 1;
  const head = `${place.name}, lines ${String(start)}-${String(last)} of ${String(of)}`;
  if (shown.length === 0) return `${place.name}: not shown, this call's limit of 2,000 lines or 40 KB is used up.`;
  if (shown.join('\n').length >= minRepeatCharacters && memory.isRepeat(place.path, start, shown)) {
    return `${head}: unchanged since it was shown to you (ask again to see it again)`;
  }
  Object.assign(room, left);
  memory.noteShown(place.path, text, start, shown);
  const more =
    shown.length < wanted.length
      ? `\n[cut at the limit of 2,000 lines or 40 KB a call; go on with start ${String(last + 1)}]`
      : '';
  return `${head}\n${shown.join('\n')}${more}`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** With its line break. */
const bytesOf = (line: string): number => Buffer.byteLength(line) + 1;

function take(lines: readonly string[], room: Room): readonly string[] {
  const shown: string[] = [];
  for (const line of lines) {
    const bytes = bytesOf(line);
    if (room.lines === 0 || room.bytes < bytes) break;
    room.lines -= 1;
    room.bytes -= bytes;
    shown.push(line);
  }
  return shown;
}
