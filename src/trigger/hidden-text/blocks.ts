// What Markdown's blocks are to this filter: pieces of code, HTML and running text, with the places of their lines.

/** A line of a block without the marks of what contains it: [start, end) in the whole text. */
export interface Line {
  readonly start: number;
  readonly end: number;
}

export interface Block {
  readonly kind: 'text' | 'code' | 'html';
  readonly lines: Line[];
  /** What stands behind the opening marks of fenced code; null for all else. */
  readonly info: Line | null;
  /** Number of the line under the head of a table, counted from 0; null where there is no table. The table goes to the end. */
  ruler: number | null;
}

/** A footnote with all that belongs to it: [start, end) in the whole text. */
export interface Footnote {
  readonly label: string;
  readonly start: number;
  end: number;
}

export interface Blocks {
  readonly blocks: readonly Block[];
  readonly footnotes: readonly Footnote[];
  /** Where reading ended since lists and quotes were nested too deep; null when it did not. */
  readonly tooDeepAt: number | null;
}
