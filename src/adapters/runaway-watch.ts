// Watches the words of a streamed reply for one that only repeats itself. What counts as that is not ours to say.

/** Words between two looks, and how far back each look goes: ten pieces that lie 250 characters apart fit into it. */
const STEP_CHARS = 1_000;
const WINDOW_CHARS = 4_000;
const FENCE = /^```/gm;

/**
 * @param isRunaway tells of the last words of a block whether they go in a circle; null to watch nothing
 * @returns to be given each piece and the block it belongs to; true once the reply should be cut
 */
export function createRunawayWatch(
  isRunaway: ((text: string) => boolean) | null,
): (block: number, words: string) => boolean {
  let text = '';
  let current = -1;
  let lookAt = STEP_CHARS;
  return (block, words) => {
    if (isRunaway === null) return false;
    if (block !== current) [current, text, lookAt] = [block, '', STEP_CHARS];
    text += words;
    if (text.length < lookAt) return false;
    lookAt = text.length + STEP_CHARS;
    return isRunaway(lastWords(text));
  };
}

/** The end of a text; code that began before it still begins as code. */
function lastWords(text: string): string {
  const skipped = text.length - WINDOW_CHARS;
  if (skipped <= 0) return text;
  const isCode = (text.slice(0, skipped).match(FENCE)?.length ?? 0) % 2 === 1;
  return `${isCode ? '```\n' : ''}${text.slice(skipped)}`;
}
