// Indentation as a mapping: what stands for which depth in the model's text and in the file.

/** Indents of the model's text to those of the file, for the lines that both have. */
export type IndentMap = ReadonlyMap<string, string>;

/** Columns that a tab counts for when depths are compared. */
const tabColumns = 4;

/**
 * One mapping for all pairs, or null when the two texts nest differently: equal indents must map to equal ones, and a
 * deeper one to a deeper one.
 */
export function alignIndents(pairs: readonly { readonly from: string; readonly to: string }[]): IndentMap | null {
  const map = new Map<string, string>();
  for (const { from, to } of pairs) {
    const known = map.get(from);
    if (known !== undefined && known !== to) return null;
    map.set(from, to);
  }
  const sorted = [...map].sort(([a], [b]) => depth(a) - depth(b));
  const rises = sorted.every(([from, to], index) => {
    const before = sorted[index - 1];
    return before === undefined || (depth(before[0]) < depth(from) && depth(before[1]) < depth(to));
  });
  return rises ? map : null;
}

/** The text with each line's indent as the file has it; null when a line's depth cannot be told from the mapping. */
export function reindent(text: string, map: IndentMap): string | null {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const indent = /^[^\S\r\n]*/.exec(line)?.[0] ?? '';
    const body = line.slice(indent.length);
    const mapped = body.trim() === '' ? '' : translate(indent, map, text);
    if (mapped === null) return null;
    lines.push(body.trim() === '' ? body : mapped + body);
  }
  return lines.join('\n');
}

function translate(indent: string, map: IndentMap, text: string): string | null {
  const known = map.get(indent);
  if (known !== undefined) return known;
  const keys = [...map.keys()].sort((a, b) => b.length - a.length);
  const shallower = keys.find((key) => indent.startsWith(key));
  if (shallower !== undefined) {
    const more = convert(indent.slice(shallower.length), map, text);
    return more === null ? null : (map.get(shallower) ?? '') + more;
  }
  const deeper = keys.findLast((key) => key.startsWith(indent));
  if (deeper === undefined) return null;
  const less = convert(deeper.slice(indent.length), map, text);
  const target = map.get(deeper) ?? '';
  return less !== null && target.endsWith(less) ? target.slice(0, target.length - less.length) : null;
}

/** Extra blanks of the model's text in the file's style, by the step between two known depths, else by kind. */
function convert(extra: string, map: IndentMap, text: string): string | null {
  const step = knownStep(map);
  if (step !== null) {
    const levels = extra.length / step.from.length;
    if (extra !== step.from.charAt(0).repeat(extra.length)) return null;
    const length = levels * step.to.length;
    return Number.isInteger(length) ? step.to.charAt(0).repeat(length) : null;
  }
  const target = [...map.values()].join('');
  if (target === '' || target.includes('\t') === extra.includes('\t')) return extra;
  return target.includes('\t') ? '\t'.repeat(Math.max(1, Math.round(extra.length / unitOf(text)))) : null;
}

/** Two known depths that differ by blanks of one kind on both sides. */
function knownStep(map: IndentMap): { readonly from: string; readonly to: string } | null {
  const sorted = [...map].sort(([a], [b]) => a.length - b.length);
  for (const [index, [from, to]] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || !from.startsWith(before[0]) || !to.startsWith(before[1])) continue;
    const step = { from: from.slice(before[0].length), to: to.slice(before[1].length) };
    if (isOfOneKind(step.from) && isOfOneKind(step.to)) return step;
  }
  return null;
}

const isOfOneKind = (blanks: string): boolean => blanks !== '' && blanks === blanks.charAt(0).repeat(blanks.length);

/** Smallest difference between two indents of the text: what it takes for one level. */
function unitOf(text: string): number {
  const lengths = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [/^ */.exec(line)?.[0].length ?? 0]));
  const sorted = [...new Set(lengths)].sort((a, b) => a - b);
  const steps = sorted.slice(1).map((length, index) => length - (sorted[index] ?? 0));
  return steps.length === 0 ? tabColumns : Math.min(...steps);
}

/** Columns before the first character that is no blank. */
export const indentDepth = (line: string): number => depth(/^\s*/.exec(line)?.[0] ?? '');

const depth = (indent: string): number =>
  [...indent].reduce((columns, character) => columns + (character === '\t' ? tabColumns : 1), 0);
