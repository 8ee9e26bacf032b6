// What a change did to a file, as the model is shown it: short, since it has just written the change itself.
import { structuredPatch } from 'diff';
import { cutLine } from '../cut-output.ts';

const maxLines = 60;
const maxLineCharacters = 300;
/** Time for the diff of one file; beyond it the change is too large to be read anyway. */
const maxDiffMs = 1_000;
/** New lines in a row that are shown; more of them are only counted. */
const maxShownAsSent = 2;

type Hunk = NonNullable<ReturnType<typeof hunksOf>>[number];

/** A unified diff without file headers, at most 60 lines: for a change that is not quite what was sent. */
export function showChange(before: string, after: string): string {
  return describe(before, after, 3, (hunk) => [
    `@@ -${String(hunk.oldStart)},${String(hunk.oldLines)} +${String(hunk.newStart)},${String(hunk.newLines)} @@`,
    ...hunk.lines.map(shorten),
  ]);
}

/** Where the change lies now: its line numbers and a line around it, at most 60 lines. What was sent is not repeated. */
export function locateChange(before: string, after: string): string {
  return describe(before, after, 1, (hunk, index) => [...(index === 0 ? [] : ['--']), ...outline(hunk)]);
}

function describe(
  before: string,
  after: string,
  context: number,
  show: (hunk: Hunk, index: number) => readonly string[],
): string {
  const hunks = hunksOf(before, after, context);
  if (hunks === null) return '[the change is too large to show]';
  const lines = hunks.flatMap(show);
  if (lines.length === 0) return '[only line ends or blanks at line ends changed]';
  const left = lines.length - maxLines;
  if (left <= 0) return lines.join('\n');
  return [...lines.slice(0, maxLines - 1), `[${String(left + 1)} more lines of this]`].join('\n');
}

function hunksOf(before: string, after: string, context: number) {
  return structuredPatch('', '', before, after, '', '', { context, timeout: maxDiffMs })?.hunks ?? null;
}

const shorten = (line: string): string => cutLine(line.replace(/\r$/, ''), maxLineCharacters);

/** Lines around the change numbered as `read` does it, the change itself as its line numbers. */
function outline(hunk: Hunk): readonly string[] {
  const shown: string[] = [];
  let number = hunk.newStart;
  let run: { added: string[]; removed: number } = { added: [], removed: 0 };
  const endRun = (): void => {
    shown.push(...runLines(run, number - run.added.length));
    run = { added: [], removed: 0 };
  };
  for (const line of hunk.lines) {
    if (line.startsWith('\\')) continue;
    if (line.startsWith('-')) {
      run.removed += 1;
      continue;
    }
    if (line.startsWith('+')) run.added.push(line.slice(1));
    else {
      endRun();
      shown.push(`${String(number)}\t${shorten(line.slice(1))}`);
    }
    number += 1;
  }
  endRun();
  return shown;
}

function runLines({ added, removed }: { readonly added: readonly string[]; readonly removed: number }, start: number) {
  if (added.length === 0) return removed === 0 ? [] : [`[${String(removed)} lines removed]`];
  if (added.length <= maxShownAsSent) {
    return added.map((line, index) => `${String(start + index)}\t${shorten(line)}`);
  }
  return [`${String(start)}-${String(start + added.length - 1)}\t[${String(added.length)} lines as sent]`];
}
