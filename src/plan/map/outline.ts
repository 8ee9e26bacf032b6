// The definitions of a long file by name and line, several on a line: where to read, at a glance.
import type { DefinitionBlock, Lines } from './definition-blocks.ts';

/** What `24 more` and the like cost. */
const TAIL_CHARS = 30;

export interface OutlineOf {
  readonly blocks: readonly DefinitionBlock[];
  /** What speaks for a definition; of a file with more than there is room for, the best are kept. */
  readonly valueOf: (block: DefinitionBlock) => number;
  /** Lines that are shown elsewhere: what begins there is not told again. */
  readonly shown: readonly Lines[];
}

/** One line of at most `most` characters; empty without definitions. */
export function drawOutline({ blocks, valueOf, shown }: OutlineOf, most: number): string {
  // What a file imports it does not define.
  const own = blocks.filter(({ text }) => !/\brequire\(/.test(text));
  const others = own.filter(({ line }) => !shown.some(({ start, end }) => line >= start && line <= end));
  const named = others.map((block) => ({
    line: block.line,
    text: `${block.line} ${block.name}`,
    value: valueOf(block),
    isConstant: Number(/^[A-Z][A-Z\d_]+$/.test(block.name)),
  }));
  const title = others.length < own.length ? 'other definitions by line: ' : 'definitions by line: ';
  let left = most - title.length - TAIL_CHARS;
  const kept = named
    .sort((a, b) => b.value - a.value || a.isConstant - b.isConstant || a.line - b.line)
    .filter(({ text }) => (left -= text.length + 2) >= 0);
  if (kept.length === 0) return '';
  const more = named.length - kept.length;
  const list = kept.sort((a, b) => a.line - b.line).map(({ text }) => text);
  return `${title}${list.join(', ')}${more === 0 ? '' : ` (${more} more)`}`;
}
