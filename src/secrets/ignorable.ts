// Characters that may stand inside a secret without making it another one: whoever reads it leaves them out.

/** From and to, of UTF-16 units: white space, controls, quotes, escapes, joiners and whatever else nobody sees. */
const ranges: readonly (readonly [number, number])[] = [
  [0x00, 0x20], // controls and space
  [0x22, 0x22], // "
  [0x25, 0x25], // %, of percent coding
  [0x27, 0x27], // '
  [0x5c, 0x5c], // \, of escapes
  [0x60, 0x60], // `
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x1680, 0x1680],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x2800, 0x2800],
  [0x3000, 0x3000],
  [0x3164, 0x3164],
  [0xdb40, 0xdb40], // with the next: tags and variation selectors beyond the first plane
  [0xdc00, 0xddef],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
];

/** All but a few of them lie below: a table for all units would cost more to make than most runs look up. */
const tableSize = 0x3200;
const table = new Uint8Array(tableSize);
for (const [from, to] of ranges) table.fill(1, from, to + 1);
const above = ranges.filter(([from]) => from >= tableSize);

/** Whether this UTF-16 unit is left out. */
export const isIgnorable = (code: number): boolean =>
  code < tableSize ? table[code] === 1 : above.some(([from, to]) => code >= from && code <= to);

/** All that is ignored, and more: tells most texts apart that have none of it. */
const mayBeIgnored = /[^!#$&(-[\]-_a-~]/;

/** The text without them. */
export function squeeze(text: string): string {
  if (!mayBeIgnored.test(text)) return text;
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isIgnorable(text.charCodeAt(i))) continue;
    out += text.slice(from, i);
    from = i + 1;
  }
  return out + text.slice(from);
}
