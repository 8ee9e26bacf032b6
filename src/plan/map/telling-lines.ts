// Lines of a file that tell where a request comes in: its names defined and used.
import { shownLine } from './definitions.ts';
import type { Lines } from './definition-blocks.ts';
import { fitOf } from './name-fit.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';

/** Lines that name something without telling what it does. */
const TELLS_LITTLE = /^\s*(import\b|export\s*(\*|\{)|from\b|use\b|#include|\*|\/\*|\/\/|#|.*\brequire\()/;

export interface TellingLine {
  readonly line: number;
  readonly text: string;
}

interface LinesWanted {
  readonly names: readonly RequestName[];
  readonly worth: readonly number[];
  /** Lines that are shown elsewhere, which are left out. */
  readonly shown: readonly Lines[];
  /** False where the definitions are listed already. */
  readonly withDefinitions: boolean;
}

/** Definitions that fit a name and lines that use one: the best `most`, in order of lines. */
export function tellingLines(file: ReadFile, wanted: LinesWanted, most: number): TellingLine[] {
  const { names, worth, shown, withDefinitions } = wanted;
  const chosen = new Map<number, TellingLine & { value: number }>();
  const add = (line: number, text: string, value: number): void => {
    if (shown.some(({ start, end }) => line >= start && line <= end)) return;
    if (value > (chosen.get(line)?.value ?? -1)) chosen.set(line, { line, text, value });
  };
  for (const definition of file.definitions) {
    const fit = Math.max(0, ...names.map((name, index) => fitOf(definition, name) * (worth[index] ?? 0)));
    if (fit > 0) add(definition.line, definition.text, 2 * fit);
  }
  for (const [name, lines] of file.uses) {
    // The first uses tell where a name comes in; the tenth tells nothing new, nor does a name of many lines.
    for (const [nth, line] of lines.entries()) {
      const text = shownLine(file.lines[line - 1] ?? '');
      const telling = (file.exact.get(name)?.has(line) === true ? 1 : 0.3) * (TELLS_LITTLE.test(text) ? 0.3 : 1);
      const few = 1 / (1 + Math.log2(lines.length) / 2);
      if (text.length > 2) add(line, text, ((worth[name] ?? 0) * telling * few) / (1 + nth / 2));
    }
  }
  if (!withDefinitions) for (const { line } of file.definitions) chosen.delete(line);
  const candidates = [...chosen.values()].filter(({ text }) => withDefinitions || !TELLS_LITTLE.test(text));
  const best = candidates.sort((a, b) => b.value - a.value || a.line - b.line).slice(0, most);
  return best.sort((a, b) => a.line - b.line).map(({ line, text }) => ({ line, text }));
}
