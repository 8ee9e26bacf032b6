// Where two texts part, for people.

/** Characters shown on either side of the place. */
const CONTEXT = 60;

/** Two lines: what stands in the journal from a little before the first difference, and what comes now. */
export function textDifference(was: string, is: string): string {
  let at = 0;
  while (at < was.length && was[at] === is[at]) at += 1;
  const around = (text: string): string => {
    const part = text.slice(Math.max(0, at - CONTEXT), at + CONTEXT).replace(/\s+/g, ' ');
    return `${at > CONTEXT ? '...' : ''}${part}${text.length > at + CONTEXT ? '...' : ''}`;
  };
  return `  journal: ${around(was)}\n  now:     ${around(is)}`;
}
