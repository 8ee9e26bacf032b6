// Characters that people do not see but machines obey.
import { stripVTControlCharacters } from 'node:util';

/** Put between two characters, it shows nothing and stops the pair from being read as syntax. */
export const zeroWidthSpace = '\u200b';

/** Removes terminal escapes and control characters other than line feed and tab; `\r\n` and `\r` become `\n`. */
export function dropControls(text: string): string {
  const lines = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  const visible = lines.includes('\u001b') || lines.includes('\u009b') ? stripVTControlCharacters(lines) : lines;
  return visible.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

/**
 * Removes what makes text look other than it is: bidirectional marks, zero-width and tag characters. Joiners stay, since
 * scripts and emoji need them.
 */
export function dropInvisible(text: string): string {
  return text.replace(
    /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu,
    '',
  );
}

/** Cuts to at most `maxLength` UTF-16 units, ending in an ellipsis when something was left out; never half a pair. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
