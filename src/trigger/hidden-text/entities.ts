// Character references of HTML that a page draws as other characters than are written.

/** Names of characters that nobody sees (HTML, 13.5). */
const unseen: Readonly<Record<string, string>> = {
  ZeroWidthSpace: '\u200b',
  NegativeVeryThinSpace: '\u200b',
  NegativeThinSpace: '\u200b',
  NegativeMediumSpace: '\u200b',
  NegativeThickSpace: '\u200b',
  zwnj: '\u200c',
  zwj: '\u200d',
  lrm: '\u200e',
  rlm: '\u200f',
  NoBreak: '\u2060',
  ApplyFunction: '\u2061',
  af: '\u2061',
  InvisibleTimes: '\u2062',
  it: '\u2062',
  InvisibleComma: '\u2063',
  ic: '\u2063',
  shy: '\u00ad',
};

const reference = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,21}));/gi;

/**
 * Numbers become what they stand for, so that no word is written twice in two ways, and names of invisible characters as
 * well. Signs, blanks and controls of ASCII stay as they are written: drawn by number they are signs, not markup.
 */
export const decodeEntities = (text: string): string =>
  text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return unseen[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0x7f
      ? drawn(code, whole)
      : /[0-9a-z]/i.test(String.fromCharCode(code))
        ? String.fromCharCode(code)
        : whole;
  });

/** What is no character is drawn as a mark of replacement. */
function drawn(code: number, whole: string): string {
  if (code > 0x10ffff) return whole;
  return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
}
