// What is taken out of a text: where, of what kind, and what stands there instead.

/** Kinds of hidden text, in the words that a maintainer is shown. */
export type HiddenKind =
  | 'HTML comment'
  | 'HTML declaration'
  | 'HTML attribute'
  | 'HTML left open'
  | 'link title'
  | 'link label'
  | 'link address'
  | 'image text'
  | 'unused definition'
  | 'unused footnote'
  | 'code label'
  | 'diagram comment'
  | 'math that is not drawn'
  | 'surplus table cell'
  | 'terminal sequence'
  | 'control character'
  | 'invisible character'
  | 'direction mark'
  | 'tag character'
  | 'variation selector'
  | 'markup without end';

/** A piece that was taken out. */
export interface Removed {
  readonly kind: HiddenKind;
  readonly text: string;
}

/** Takes [start, end) out and puts `instead` there. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly instead: string;
  /** Null for what everybody's texts have and nobody hides words in, as the width of a picture: it goes uncounted. */
  readonly removed: Removed | null;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A counted cut of what stands there. */
export function cutOf(kind: HiddenKind, text: string, { start, end }: Range, instead = ''): Cut {
  return { start, end, instead, removed: { kind, text: text.slice(start, end) } };
}
