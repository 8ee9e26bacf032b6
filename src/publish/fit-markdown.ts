// Cuts Markdown to a length without breaking a table, a code block or a folded part.
import { cut } from './characters.ts';
import { closesFence, fenceOf } from './guard-markdown.ts';

/**
 * The text, when it is longer than `maxLength` (UTF-16 units), cut before the first block that no longer fits, folded
 * parts closed, with a line that says so. A single line longer than everything allowed is cut inside.
 */
export function fitMarkdown(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const notice = `\n\n_The rest is left out: this text may have ${maxLength} characters._`;
  const kept: string[] = [];
  let room = maxLength - notice.length;
  let folded = 0;
  // What begins beyond twice the length can only be left out; a block cut here is still too long to be kept.
  for (const block of blocksOf(text.slice(0, 2 * maxLength))) {
    const foldedAfter = folded + countOf(block, '<details>') - countOf(block, '</details>');
    const needed = block.length + 1;
    const closing = Math.max(0, foldedAfter) * closeDetails.length;
    if (needed + closing > room) {
      if (kept.every((b) => b.trim() === '') && !block.includes('\n')) kept.push(cut(block, room));
      break;
    }
    kept.push(block);
    room -= needed;
    folded = Math.max(0, foldedAfter);
  }
  return kept.join('\n').trimEnd() + closeDetails.repeat(folded) + notice;
}

const closeDetails = '\n\n</details>';

const countOf = (text: string, part: string): number => text.split(part).length - 1;

/** Lines, with those of one code block or one table kept together. */
function blocksOf(text: string): readonly string[] {
  const blocks: string[][] = [];
  let fence: string | null = null;
  let inTable = false;
  for (const line of text.split('\n')) {
    const isRow = fence === null && line.startsWith('|');
    if (fence !== null || (isRow && inTable)) blocks.at(-1)?.push(line);
    else blocks.push([line]);
    fence = fence === null ? fenceOf(line) : closesFence(line, fence) ? null : fence;
    inTable = isRow;
  }
  return blocks.map((lines) => lines.join('\n'));
}
