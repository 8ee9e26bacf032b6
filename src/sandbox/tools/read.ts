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
    const room: Room = { lines: maxLines, bytes: maxBytes };
    const parts = paths.map((range) => readOne(range, room, context));
    const content = parts.map((part) => part.content).join('\n\n');
    return parts.every((part) => part.isError) ? failure(content) : success(content);
  },
});

function readOne(range: Range, room: Room, context: ToolContext): { content: string; isError: boolean } {
  try {
    const place = locate(range.path, context);
    const isDirectory = statSync(place.path).isDirectory();
    return success(isDirectory ? listDirectory(place) : showLines(place, range, room, context));
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

function showLines(place: Place, range: Range, room: Room, { shown: memory }: ToolContext): string {
  const bytes = readBytes(place);
  if (isBinary(bytes)) throw new Refusal(`${place.name} is a binary file of ${String(bytes.length)} bytes.`);
  const text = bytes.toString();
  const lines = linesOf(text);
  if (lines.length === 0) return `${place.name} is empty.`;
  const start = Math.max(1, range.start ?? 1);
  const end = Math.min(lines.length, range.end ?? lines.length);
  if (start > lines.length)
    throw new Refusal(`${place.name} has only ${String(lines.length)} lines; start was ${String(start)}.`);
  if (end < start) throw new Refusal(`${place.name}: end (${String(range.end)}) is before start (${String(start)}).`);
  const left = { ...room };
  const shown = take(lines.slice(start - 1, end), start, left);
  const last = start + shown.length - 1;
  const head = `${place.name}, lines ${String(start)}-${String(last)} of ${String(lines.length)}`;
  if (shown.length === 0) return `${place.name}: not shown, this call's limit of 2,000 lines or 40 KB is used up.`;
  if (shown.join('\n').length >= minRepeatCharacters && memory.isRepeat(place.path, start, shown)) {
    return `${head}: unchanged since it was shown to you (ask again to see it again)`;
  }
  Object.assign(room, left);
  memory.noteShown(place.path, text, start, shown);
  const more =
    last < end ? `\n[cut at the limit of 2,000 lines or 40 KB a call; go on with start ${String(last + 1)}]` : '';
  return `${head}\n${shown.join('\n')}${more}`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function take(lines: readonly string[], start: number, room: Room): readonly string[] {
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    const numbered = `${String(start + index)}\t${cutLine(line, maxLineCharacters)}`;
    const bytes = Buffer.byteLength(numbered) + 1;
    if (room.lines === 0 || room.bytes < bytes) break;
    room.lines -= 1;
    room.bytes -= bytes;
    shown.push(numbered);
  }
  return shown;
}
