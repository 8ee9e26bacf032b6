// Characters that a page does not draw, told apart by what they are used for.
import type { HiddenKind, Removed } from './cuts.ts';

// Terminal sequences (CSI, OSC, two-character escapes), then all control characters but tab and newline.
const terminal = String.raw`\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])|\u009b[0-?]*[ -/]*[@-~]`;
const controls = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f]`;

// What draws an emoji stays: its selector and joiners, the tags of the three flags that have some, a keycap's selector.
const emoji = String.raw`\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?`;
const flag = String.raw`\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}`;
// In these scripts a joiner between two letters decides how they are drawn.
const scripts =
  'Arabic Syriac Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar';
const letter = `[${scripts
  .split(' ')
  .map((script) => `\\p{Script=${script}}`)
  .join('')}]`;
const drawn = String.raw`${flag}|${emoji}(?:\u200D${emoji})*|[0-9#*]\uFE0F(?=\u20E3)|(?<=${letter})[\u200C\u200D](?=${letter})`;

// Format characters and whatever a font leaves blank: fillers, joiners, the blank braille cell, line separators, halves of pairs.
const invisible = String.raw`[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\u2800]`;
const found = new RegExp(`(${drawn})|(${terminal})|(${controls})|(${invisible})`, 'gu');

/** The text without them; what was removed is told to `onRemoved`, neighbours of a kind together. */
export function cleanCharacters(text: string, onRemoved: (removed: Removed) => void): string {
  if (!/[^\n\t -~]/.test(text)) return text;
  const runs: { readonly kind: HiddenKind; text: string; end: number }[] = [];
  let clean = '';
  let done = 0;
  for (const { index, 0: sign, 1: kept, 2: sequence, 3: control } of text.matchAll(found)) {
    if (kept !== undefined) continue;
    const kind =
      sequence !== undefined ? 'terminal sequence' : control !== undefined ? 'control character' : kindOf(sign);
    const run = runs.at(-1);
    const end = index + sign.length;
    if (run?.kind === kind && run.end === index) Object.assign(run, { text: run.text + sign, end });
    else runs.push({ kind, text: sign, end });
    clean += text.slice(done, index);
    done = end;
  }
  for (const { kind, text: signs } of runs) onRemoved({ kind, text: signs });
  return clean + text.slice(done);
}

function kindOf(sign: string): HiddenKind {
  const code = sign.codePointAt(0) ?? 0;
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag character';
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return 'variation selector';
  return /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(sign) ? 'direction mark' : 'invisible character';
}
