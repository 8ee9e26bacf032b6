// Tells whether a text says the same thing over and over, as a model does that is caught in a loop while it streams.
import { REPEATED_CHUNK } from './thresholds.ts';

const { characters, times, meanGap } = REPEATED_CHUNK;

/** Characters at the end of a growing text that are enough to look at. */
export const REPEAT_WINDOW = characters + times * meanGap;

/**
 * The piece of 50 characters that comes ten times, at most 250 characters apart on average, outside of fenced code; null
 * when there is none. Pure, and linear in the text: for a stream, give it the last `REPEAT_WINDOW` characters.
 */
export function repeatedChunk(text: string): string | null {
  const prose = withoutCode(text);
  const starts = new Map<string, number[]>();
  for (let at = 0; at + characters <= prose.length; at++) {
    const chunk = prose.slice(at, at + characters);
    if (chunk.trim() === '') continue;
    const known = starts.get(chunk);
    if (known === undefined) starts.set(chunk, [at]);
    // Chunks that overlap themselves, as in a ruled line, are one.
    else if (at - (known.at(-1) ?? 0) >= characters) known.push(at);
    if (isDense(known ?? [])) return chunk;
  }
  return null;
}

function isDense(starts: readonly number[]): boolean {
  const [first, last] = [starts.at(-times), starts.at(-1)];
  return first !== undefined && last !== undefined && last - first <= meanGap * (times - 1);
}

/** Fenced blocks left out; one that is still open ends the text. */
const withoutCode = (text: string): string => text.replace(/^```[^\n]*\n[\s\S]*?(?:^```|$(?![\s\S]))/gm, '');
