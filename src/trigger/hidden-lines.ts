// The lines of a text that hold what its reader would not have seen, with that made visible: for a person to judge.

/** Seen by nobody on a page, whatever it is for: format characters, fillers, tags, selectors, controls, lone surrogates. */
const invisible = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\u2800]/u;
/** Characters from U+E0020 to U+E007E stand for ASCII: a whole message can be written in them. */
const tags = /[\u{E0020}-\u{E007E}]+/gu;
const firstTag = 0xe0000;

/** Characters around a place that differs that are shown with it. */
const context = 60;

/** Lines ahead in which a line is looked for: the two texts go side by side, and a hostile one must not take long. */
const near = 50;

/**
 * Source lines that the filtered text does not have as they are, in order, each cut to where it differs. It goes by the two
 * texts alone, so it holds whatever a filter takes out.
 */
export function hiddenLines(raw: string, filtered: string): readonly string[] {
  const seen = filtered.split('\n');
  const known = new Set(seen);
  let at = 0;
  return raw
    .normalize('NFC')
    .split(/\r\n|\r|\n/)
    .flatMap((line) => {
      if (known.has(line)) {
        at += seen.slice(at, at + near).indexOf(line) + 1;
        return [];
      }
      return [makeVisible(cutTo(line, seen[at] ?? ''))];
    });
}

/** The part of the line between what it begins and ends with like the other. */
function cutTo(line: string, other: string): string {
  let from = 0;
  while (from < line.length && line[from] === other[from]) from++;
  let to = line.length;
  let back = other.length;
  while (to > from && back > 0 && line[to - 1] === other[back - 1]) {
    to--;
    back--;
  }
  const start = wholeFrom(line, Math.max(0, from - context));
  const end = wholeFrom(line, Math.min(line.length, to + context));
  return `${start > 0 ? '… ' : ''}${line.slice(start, end)}${end < line.length ? ' …' : ''}`;
}

/** The place, or the one before it where it would part a pair of surrogates. */
const wholeFrom = (text: string, at: number): number =>
  /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(Math.max(0, at - 1), at + 1)) && at > 0 ? at - 1 : at;

/** `⟨U+200B⟩` for a character that is not seen, `⟨U+200B ×30⟩` for a run of them, `⟨tags: abc⟩` for what tags spell. */
export function makeVisible(text: string): string {
  const spelt = text.replace(tags, (run) => `⟨tags: ${[...run].map(plainOf).join('')}⟩`);
  const out: string[] = [];
  let [last, count] = ['', 0];
  const flush = (): void => {
    if (count > 0) out.push(count === 1 ? `⟨${last}⟩` : `⟨${last} ×${count}⟩`);
    [last, count] = ['', 0];
  };
  for (const character of spelt) {
    if (character === '\t' || !invisible.test(character)) {
      flush();
      out.push(character);
      continue;
    }
    const name = nameOf(character);
    if (name !== last) flush();
    [last, count] = [name, count + 1];
  }
  flush();
  return out.join('');
}

const plainOf = (tag: string): string => String.fromCodePoint((tag.codePointAt(0) ?? firstTag) - firstTag);

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
