// What an edit did, as the model is shown it: a short diff, and whether a JSON file still parses.
import { structuredPatch } from 'diff';
import { cutLine } from '../cut-output.ts';

const maxDiffLines = 60;
const maxLineCharacters = 300;
/** Time for the diff of one file; beyond it the change is too large to be read anyway. */
const maxDiffMs = 1_000;

/** A unified diff without file headers, at most 60 lines. */
export function showChange(before: string, after: string): string {
  const patch = structuredPatch('', '', before, after, '', '', { context: 3, timeout: maxDiffMs });
  if (patch === undefined) return '[the change is too large to show]';
  const lines = patch.hunks.flatMap((hunk) => [
    `@@ -${String(hunk.oldStart)},${String(hunk.oldLines)} +${String(hunk.newStart)},${String(hunk.newLines)} @@`,
    ...hunk.lines.map((line) => cutLine(line.replace(/\r$/, ''), maxLineCharacters)),
  ]);
  if (lines.length === 0) return '[only line ends or blanks at line ends changed]';
  const left = lines.length - maxDiffLines;
  if (left <= 0) return lines.join('\n');
  return [...lines.slice(0, maxDiffLines - 1), `[${String(left + 1)} more lines of diff]`].join('\n');
}

/** For a `.json` file, a line that says whether it parses; null for other files and for JSON with comments. */
export function checkJson(name: string, before: string | null, after: string): string | null {
  if (!name.endsWith('.json')) return null;
  const problem = jsonProblem(after);
  if (problem === null) return 'The file parses as JSON.';
  if (before !== null && jsonProblem(before) !== null) return null;
  return `Warning: the file does not parse as JSON: ${problem}`;
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text.replace(/^\ufeff/, ''));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
