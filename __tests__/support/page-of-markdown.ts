// What a page shows of a Markdown text, told by parsers that are not ours: CommonMark's reference, then a browser's.
import { HtmlRenderer, Parser } from 'commonmark';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;

export interface Page {
  /** All text, as a reader finds it. */
  readonly text: string;
  /** Where links lead, and names of elements: seen by hovering or not at all, and no place for words. */
  readonly besides: string;
}

/** The page of a text. Tables and footnotes, which only GitHub knows, are running text to it. */
export function pageOf(markdown: string): Page {
  const nodes = nodesBelow(parseFragment(new HtmlRenderer().render(new Parser().parse(markdown))).childNodes);
  const text = nodes.map((node) => ('value' in node ? node.value : '')).join('');
  const besides = nodes.flatMap((node) =>
    'tagName' in node
      ? [node.tagName, ...node.attrs.filter(({ name }) => name === 'href').map(({ value }) => value)]
      : [],
  );
  return { text, besides: besides.join(' ') };
}

const nodesBelow = (nodes: readonly Node[]): readonly Node[] =>
  nodes.flatMap((node) => ('childNodes' in node ? [node, ...nodesBelow(node.childNodes)] : [node]));

/** Blocks by the number of the line that each begins in, as the reference finds them. */
export function blocksOf(markdown: string): readonly string[] {
  const found: string[] = [];
  const walker = new Parser().parse(markdown).walker();
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const kind = { code_block: 'code', html_block: 'html', paragraph: 'text', heading: 'text' }[
      String(event.node.type)
    ];
    if (event.entering && kind !== undefined) found.push(`${kind} ${String(event.node.sourcepos[0][0])}`);
  }
  return found;
}
