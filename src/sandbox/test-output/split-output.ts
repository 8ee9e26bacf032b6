// Cuts a command's output into the streams of the packages that wrote it, so that each can be read alone.
import { stripVTControlCharacters } from 'node:util';

/** Lines of one package of a workspace; `label` is empty for output without a prefix. */
export interface Section {
  readonly label: string;
  readonly lines: readonly string[];
}

/** Longer lines are cut: hostile output must not make a pattern below or in a runner slow. */
const maxLineChars = 1000;

/** `packages/a test: line` (pnpm -r), `a:test: line` (turbo), `[a]: line` (yarn workspaces foreach). */
const prefixes = [
  /^([@\w][\w@./-]*) [\w:.-]*test[\w:.-]*:(?: (.*))?$/,
  /^([@\w][\w@./-]*):[\w.-]*test[\w.-]*:(?: (.*))?$/,
  /^\[([@\w][\w@./-]*)\]:(?: (.*))?$/,
];

/**
 * Splits by the prefixes that workspace runners put before each line (packages run at once, so their lines mix).
 * A prefix counts only when at least two lines carry it.
 */
export function splitOutput(output: string): readonly Section[] {
  const plain = stripVTControlCharacters(output).replace(/\r\n?/g, '\n');
  const lines = plain.split('\n').map((line) => takePrefix(line.slice(0, maxLineChars)));
  const seen = new Map<string, number>();
  for (const { label } of lines) seen.set(label, (seen.get(label) ?? 0) + 1);
  const sections = new Map<string, string[]>([['', []]]);
  for (const { label, rest, whole } of lines) {
    const real = label !== '' && (seen.get(label) ?? 0) > 1;
    const key = real ? label : '';
    const own = sections.get(key) ?? [];
    own.push(real ? rest : whole);
    sections.set(key, own);
  }
  return [...sections].map(([label, own]) => ({ label, lines: own }));
}

function takePrefix(whole: string): { label: string; rest: string; whole: string } {
  for (const prefix of prefixes) {
    const match = prefix.exec(whole);
    if (match) return { label: match[1] ?? '', rest: match[2] ?? '', whole };
  }
  return { label: '', rest: '', whole };
}
