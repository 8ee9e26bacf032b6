// The words of every commit that holds agents' work: one template, and of a model's words only those that do nothing.

/** What git's own guide asks of a subject, with room for a mark of ours behind it. */
const maxSubjectLength = 60;

/**
 * A subject, an empty line, and who made it; a model's words cannot add a line to it, so there is no trailer of theirs.
 * @param words the model's: kept are letters, digits, spaces and plain punctuation, so that no `[skip ci]`, mention,
 *   reference or closing keyword of it works
 * @param by last line, in words of ours
 * @param around put before and behind the words, in ours
 */
export function commitMessage(words: string, by: string, around: { before?: string; behind?: string } = {}): string {
  const { before = '', behind = '' } = around;
  const subject = `${before}${harmless(words) || 'Work'}${behind}`;
  return `${subject}\n\n${by}\n`;
}

function harmless(words: string): string {
  const plain = words
    .slice(0, 20 * maxSubjectLength)
    .normalize('NFC')
    .replace(/[[{]/g, '(')
    .replace(/[\]}]/g, ')')
    .replace(/:\/\/|\bGH-(?=\d)/gi, ' ')
    .replace(/[^\p{L}\p{M}\p{N} .,:;()/+=_'"`!?%&-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [...plain].slice(0, maxSubjectLength).join('').trim();
}
