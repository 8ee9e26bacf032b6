// Characters that a reader does not see, or that change the order in which text is shown (trojan source, CVE-2021-42574).

// What draws an emoji: skin tone and selector, joiners between pictures, key caps, flags made of tags.
const picture = String.raw`\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?`;
const drawn = String.raw`\u{1F3F4}[\u{E0061}-\u{E007A}\u{E0030}-\u{E0039}]{1,6}\u{E007F}|${picture}(?:\u200D${picture})*|[0-9#*]\uFE0F\u20E3`;
// What writing needs: a selector after a sign, and joiners, fillers and marks within words of scripts that use them.
const written = [
  String.raw`[^\x00-\x7f\p{Default_Ignorable_Code_Point}][\uFE00-\uFE0F]`,
  String.raw`\p{Script=Han}[\u{E0100}-\u{E01EF}]`,
  String.raw`\p{Script=Mongolian}[\u180B-\u180F]`,
  String.raw`(?!\p{Script=Latin})\p{L}\p{M}*[\u200C\u200D](?=(?!\p{Script=Latin})[\p{L}\p{M}])`,
  String.raw`[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\u200B`,
].join('|');
const hidden = String.raw`[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2028\u2029]`;
const allowedOrHidden = new RegExp(`(${drawn}|${written})|${hidden}`, 'gu');

/** U+200E, U+200F and U+061C order nothing but what stands beside them, and right-to-left text is written with them. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const marks = new Set(['\u200E', '\u200F', '\u061C']);

const reorders = /[\u202A-\u202E\u2066-\u2069]/;

/** The first character of a line that should not be there, as one sentence about it; null when there is none. Linear. */
export function findHidden(line: string): string | null {
  // Nearly all lines: nothing beyond Latin-1, whose only such character is the soft hyphen.
  if (/^[\x00-\xac\xae-\xff]*$/.test(line)) return null;
  const takesMarks = rightToLeft.test(line);
  for (const [found, allowed] of line.matchAll(allowedOrHidden)) {
    if (allowed !== undefined || (takesMarks && marks.has(found))) continue;
    const name = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return reorders.test(found)
      ? `It adds ${name}, which makes text look other than it is read by a machine.`
      : `It adds ${name}, which a reader does not see.`;
  }
  return null;
}
