// Takes out of untrusted text what a reader of the page would not have seen. It lowers the rate of hidden
// instructions; it is no wall: nothing that reads the result holds a credential.

/** The longest text of one field, in bytes of UTF-8; GitHub's own limit for a body is 65,536 characters. */
export const maxFieldBytes = 64 * 1024;

export interface FilteredText {
  readonly text: string;
  /** UTF-16 units that were removed; what the length limit cut off is not counted, it is said in the text. */
  readonly hiddenCharacters: number;
}

// Terminal sequences (CSI, OSC, two-character escapes), then all control characters but tab and newline.
const terminal =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])|\u009b[0-?]*[ -/]*[@-~]/g;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

// Format characters and whatever a font leaves blank: bidi marks, tags, variation selectors, fillers, joiners, the
// blank braille cell, line separators, lone surrogates. An emoji keeps the selector and joiners that draw it.
const emoji = String.raw`\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?`;
const drawn = String.raw`${emoji}(?:\u200D${emoji})*|[0-9#*]\uFE0F(?=\u20E3)`;
const invisible = String.raw`[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\u2800]`;
const emojiOrInvisible = new RegExp(`(${drawn})|${invisible}`, 'gu');

/** Filters one field. Linear in its length; the result contains no complete or unclosed HTML comment. */
export function filterHiddenText(raw: string, maxBytes = maxFieldBytes): FilteredText {
  const { text, cut } = cutTo(raw, maxBytes);
  const plain = text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const visible = dropComments(
    plain
      .replace(terminal, '')
      .replace(controls, '')
      .replace(emojiOrInvisible, (_match, kept: string | undefined) => kept ?? ''),
  );
  const notice = cut ? `\n[Cut here: longer than ${String(Math.floor(maxBytes / 1024))} KB.]` : '';
  return { text: visible + notice, hiddenCharacters: plain.length - visible.length };
}

function cutTo(text: string, maxBytes: number): { text: string; cut: boolean } {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return { text, cut: false };
  // The last character may have been cut in two; its first half reads as a replacement character.
  return {
    text: bytes
      .subarray(0, maxBytes)
      .toString('utf8')
      .replace(/\uFFFD$/, ''),
    cut: true,
  };
}

/**
 * Removes HTML comments to a fixed point in one pass: each time what was kept so far ends in an opening, even one put
 * together by an earlier removal, everything up to the next closing (or the end) goes.
 */
function dropComments(text: string): string {
  const kept: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    kept.push(text.charAt(at));
    if (text[at] !== '-' || kept.slice(-4).join('') !== '<!--') continue;
    kept.length -= 4;
    const end = text.indexOf('-->', at + 1);
    if (end === -1) break;
    at = end + 2;
  }
  return kept.join('');
}
