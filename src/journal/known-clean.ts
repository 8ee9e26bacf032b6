// Texts that were cleaned once: a run that goes on tells most of its journal again, and cleaning long texts is dear.
import type { JournalEntry } from '../events.ts';

/** Shorter ones are cleaned faster than they are looked up. */
const minLength = 200;

/** Like `clean`, which leaves alone what it has cleaned before; long texts of the entries are known to be clean. */
export function withKnownClean(
  entries: readonly JournalEntry[],
  clean: (text: string) => string,
): (text: string) => string {
  if (entries.length === 0) return clean;
  const known = new Set<string>();
  for (const { event } of entries) collect(event, known);
  return (text) => (text.length >= minLength && known.has(text) ? text : clean(text));
}

function collect(value: unknown, known: Set<string>): void {
  if (typeof value === 'string') {
    if (value.length >= minLength) known.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collect(part, known);
  }
}
