// Finds the blocks of a Markdown text: which lines a page shows as code, as HTML and as running text. Follows CommonMark
// 0.31 with GitHub's footnotes, line by line; linear, since containers lie at most so many deep.
import { closesFence, fenceAt, htmlAt, isHeading, isRule, isUnderline, type Fence } from './block-starts.ts';
import type { Block, Blocks, Footnote, Line } from './blocks.ts';
import { containerAt, goIntoContainers, type Container } from './containers.ts';
import { indentOf, isBlank, readLine, type LineReader } from './line-reader.ts';
import { isRuler } from './tables.ts';

/** Nobody nests lists and quotes deeper, and every line has to be compared with all that it lies in. */
const maxDepth = 40;

/** The block that the next line may go on with. */
interface OpenBlock {
  readonly block: Block;
  readonly kind: 'paragraph' | 'table' | 'indented' | 'fence' | 'html';
  readonly fence?: Fence;
  readonly htmlEnd?: RegExp | null;
}

interface Scan {
  readonly text: string;
  readonly withTables: boolean;
  readonly blocks: Block[];
  readonly footnotes: Footnote[];
  readonly containers: Container[];
  open: OpenBlock | null;
  tooDeepAt: number | null;
}

/** The blocks in the order of the text, whose lines end in `\n` only. @param withTables false reads tables as paragraphs */
export function scanBlocks(text: string, withTables: boolean): Blocks {
  const scan: Scan = { text, withTables, blocks: [], footnotes: [], containers: [], open: null, tooDeepAt: null };
  for (let start = 0; start <= text.length && scan.tooDeepAt === null;) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 ? text.length : lineEnd;
    scanLine(readLine(text, start, end), scan);
    for (const one of scan.containers) if (one.kind === 'footnote') one.footnote.end = end;
    start = end + 1;
  }
  return scan;
}

function scanLine(start: LineReader, scan: Scan): void {
  let { line, depth } = goIntoContainers(start, scan.containers);
  const isInside = depth === scan.containers.length;
  if (isInside && goOn(line, scan)) return;
  let isNew = false;
  for (;;) {
    const inParagraph = scan.open?.kind === 'paragraph';
    const found = containerAt(line, inParagraph && isInside && !isNew);
    if (found === null) break;
    if (depth >= maxDepth) {
      scan.tooDeepAt = line.at;
      return;
    }
    closeTo(depth, scan);
    add(found.container, scan);
    ({ line } = found);
    depth += 1;
    isNew = true;
  }
  if (startBlock(line, depth, isInside && !isNew, scan)) return;
  const isLazy = !isInside && !isNew && scan.open?.kind === 'paragraph' && !isBlank(line);
  if (!isLazy && depth < scan.containers.length) closeTo(depth, scan);
  if (isBlank(line)) scan.open = null;
  else addText(restOf(line), isLazy, scan);
}

/** Adds a line to the open paragraph or table, else to a new paragraph. */
function addText(line: Line, isLazy: boolean, scan: Scan): void {
  const { open, text, withTables } = scan;
  if (open === null) {
    scan.open = { kind: 'paragraph', block: begin('text', [line], scan) };
    return;
  }
  const { lines } = open.block;
  if (withTables && open.kind === 'paragraph' && !isLazy && isRuler(line, lines.at(-1), text)) {
    open.block.ruler = lines.length;
    scan.open = { ...open, kind: 'table' };
  }
  lines.push(line);
}

/** Adds the line to the open block where it goes on by itself; a paragraph only does when nothing new begins. */
function goOn(line: LineReader, scan: Scan): boolean {
  const { open } = scan;
  if (open === null || open.kind === 'paragraph' || open.kind === 'table') return false;
  const isOver =
    (open.kind === 'indented' && indentOf(line) < 4 && !isBlank(line)) ||
    (open.kind === 'html' && open.htmlEnd === null && isBlank(line));
  if (isOver) {
    scan.open = null;
    return false;
  }
  if (open.fence !== undefined && indentOf(line) < 4 && closesFence(open.fence, line)) {
    scan.open = null;
    return true;
  }
  open.block.lines.push(restOf(line));
  if (endsHtml(open, line)) scan.open = null;
  return true;
}

const endsHtml = ({ htmlEnd }: OpenBlock, { text, at, end }: LineReader): boolean =>
  htmlEnd !== undefined && htmlEnd !== null && htmlEnd.test(text.slice(at, end));

/** Begins whatever block, other than a paragraph, begins at the next character. */
function startBlock(line: LineReader, depth: number, isInside: boolean, scan: Scan): boolean {
  const inParagraph = scan.open?.kind === 'paragraph';
  if (isBlank(line)) return false;
  if (indentOf(line) >= 4) {
    if (inParagraph) return false;
    closeTo(depth, scan);
    scan.open = { kind: 'indented', block: begin('code', [restOf(line)], scan) };
    return true;
  }
  const fence = fenceAt(line);
  if (fence !== null) {
    closeTo(depth, scan);
    const info = { start: fence.infoStart, end: line.end };
    scan.open = { kind: 'fence', fence, block: begin('code', [], scan, info) };
    return true;
  }
  const html = htmlAt(line, inParagraph);
  if (html !== null) {
    closeTo(depth, scan);
    const open: OpenBlock = { kind: 'html', htmlEnd: html.end, block: begin('html', [restOf(line)], scan) };
    scan.open = endsHtml(open, line) ? null : open;
    return true;
  }
  if (isInside && inParagraph && isUnderline(line)) {
    scan.open = null;
    return true;
  }
  if (!isHeading(line) && !isRule(line)) return false;
  closeTo(depth, scan);
  if (isHeading(line)) begin('text', [restOf(line)], scan);
  return true;
}

const restOf = ({ at, end }: LineReader): Line => ({ start: at, end });

function begin(kind: Block['kind'], lines: Line[], { blocks, containers }: Scan, info: Line | null = null): Block {
  const block: Block = { kind, lines, info, ruler: null };
  blocks.push(block);
  fill(containers.at(-1));
  return block;
}

function add(container: Container, { containers, footnotes }: Scan): void {
  fill(containers.at(-1));
  containers.push(container);
  if (container.kind === 'footnote') footnotes.push(container.footnote);
}

function fill(container: Container | undefined): void {
  if (container?.kind === 'item') container.isEmpty = false;
}

/** Ends the open block and all containers but the outermost `depth`. */
function closeTo(depth: number, scan: Scan): void {
  scan.containers.length = Math.min(depth, scan.containers.length);
  scan.open = null;
}
