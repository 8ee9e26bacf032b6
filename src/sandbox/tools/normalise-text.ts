// Text with the differences taken out that models do not reproduce: line ends, trailing blanks, typographic quotes,
// dashes and blanks, and Unicode compatibility forms.

/** A normalised text in which every character knows the part of the source it stands for. */
export interface MappedText {
  readonly text: string;
  /** Source offsets, for each UTF-16 unit of `text`, of the unit it came from: start, and end (exclusive). */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const replacements: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201a\u201b\u2032]/g, "'"],
  [/[\u201c\u201d\u201e\u201f\u2033]/g, '"'],
  [/[\u2010-\u2015\u2212]/g, '-'],
];

/** A line end, blanks before a line end or the end of the text, or one character with its combining marks. */
const unit = /\r\n|[^\S\r\n]+(?=\r?\n|$)|\P{M}\p{M}*|\p{M}+/gsu;

/** Normalises and keeps the way back. */
export function normaliseMapped(source: string): MappedText {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = '';
  for (const match of source.matchAll(unit)) {
    const normal = normaliseUnit(match[0], source, match.index + match[0].length);
    for (let count = 0; count < normal.length; count += 1) {
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
    text += normal;
  }
  return { text, starts, ends };
}

/** Normalises one line or a text whose way back is not needed. */
export const normaliseText = (source: string): string => normaliseMapped(source).text;

function normaliseUnit(part: string, source: string, end: number): string {
  if (part === '\r\n') return '\n';
  if (part !== '\n' && /^[^\S\r\n]+$/.test(part) && (end === source.length || /[\r\n]/.test(source[end] ?? '')))
    return '';
  if (part.length === 1 && part.charCodeAt(0) < 0x80) return part;
  let normal = part;
  for (const [pattern, plain] of replacements) normal = normal.replace(pattern, plain);
  return normal.normalize('NFKC');
}
