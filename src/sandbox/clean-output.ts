// Takes out of a command's output what a reader of a terminal would never have seen. Pure functions.
import { stripVTControlCharacters } from 'node:util';

/** From this many equal lines in a row on, a count stands for the repetitions. */
const runLength = 3;

/** The text without escape sequences and without control characters other than newline, return and tab. */
export function stripEscapes(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '');
}

/** What a terminal would show at the end: overwritten (CR) lines collapsed, then runs of equal lines counted. */
export function collapseLines(text: string): string {
  const shown: string[] = [];
  let repeats = 0;
  for (const line of text.split('\n').map(lastWritten)) {
    if (line === shown.at(-1)) {
      repeats += 1;
      continue;
    }
    closeRun(shown, repeats);
    shown.push(line);
    repeats = 0;
  }
  closeRun(shown, repeats);
  return shown.join('\n');
}

/** What remains visible of a line in which a progress bar wrote over itself. */
function lastWritten(line: string): string {
  const visible = line.replace(/\r+$/, '');
  return visible.slice(visible.lastIndexOf('\r') + 1);
}

function closeRun(shown: string[], repeats: number): void {
  const line = shown.at(-1);
  if (line === undefined || repeats === 0) return;
  if (repeats + 1 < runLength) shown.push(...Array.from({ length: repeats }, () => line));
  else if (line !== '') shown.push(`[the line above came ${String(repeats)} more times]`);
}
