// What was hidden, written so that a person sees it.
import type { Removed } from './cuts.ts';

/** One line a piece: its kind, then its text with what nobody sees spelled out. At most `maxLength` characters. */
export function describeRemoved(removed: readonly Removed[], maxLength: number): string {
  let text = '';
  for (const one of removed) {
    const line = `${one.kind}: ${spelledOut(one, maxLength)}\n`;
    if (text.length + line.length > maxLength) {
      const room = maxLength - text.length - cutMark.length;
      return room > 0
        ? `${text}${line.slice(0, room)}${cutMark}`
        : `${text.slice(0, maxLength - cutMark.length)}${cutMark}`;
    }
    text += line;
  }
  return text.trimEnd();
}

const cutMark = '\n[...]';

function spelledOut({ kind, text }: Removed, maxLength: number): string {
  const start = text.slice(0, maxLength);
  if (kind === 'tag character') return `spells ${JSON.stringify(asLetters(start, 0xe0000))}`;
  if (kind === 'variation selector') return `spells ${JSON.stringify(asBytes(start))}`;
  return start
    .replace(/[^\P{C}\n\t]|[\u034f\u115f\u1160\u2028\u2029\u2800\u3164\uffa0]/gu, codeOf)
    .replace(/\s+/g, ' ')
    .trim();
}

const codeOf = (sign: string): string =>
  `<U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;

const asLetters = (text: string, from: number): string =>
  [...text].map((sign) => String.fromCodePoint(Math.max(0, (sign.codePointAt(0) ?? 0) - from))).join('');

/** Texts are hidden in them byte by byte: the first sixteen selectors are 0 to 15, the others go on from there. */
const asBytes = (text: string): string =>
  Buffer.from(
    [...text].map((sign) => {
      const code = sign.codePointAt(0) ?? 0;
      return code < 0xfe10 ? code - 0xfe00 : code - 0xe0100 + 16;
    }),
  ).toString('utf8');
