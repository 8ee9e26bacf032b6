// Names in a code span by where they stand: what is called is meant, what is handed to it is an example.

export interface SpanName {
  /** As the span writes it: `helpOption`, `Option.helpGroup`. */
  readonly name: string;
  /** Of what a name that stands alone in backquotes counts, 0 to 1. */
  readonly share: number;
  /** Called, or a member: a name even where it is a common word. */
  readonly isMember: boolean;
}

/** A name inside the parentheses of a call that is itself called, or that is a key: `parse(url, { strict: true })`. */
const CALLED_INSIDE = 0.5;
const KEY = 0.4;
/** A name beside a call: `await parse(url)`. */
const BESIDE = 0.5;
/** A folder of a path, which holds many things: enough to be looked up as it is written, and not in the singular. */
const FOLDER = 0.4;

const TOKEN = /(["'])(?:\\.|(?!\1)[^\\])*\1|[A-Za-z_$][\w$-]*(?:\??\.[A-Za-z_$][\w$-]*)*|[(){}[\],]/g;
const NAME = /^[A-Za-z_$]/;

interface Found {
  readonly name: string;
  readonly isInside: boolean;
  readonly isCalled: boolean;
  readonly isKey: boolean;
  readonly isMember: boolean;
}

/** Names of what stands between two backquotes; plain arguments of a call are none. */
export function spanNames(span: string): SpanName[] {
  if (/^[\w@.-]*\/[\w@./-]*$/.test(span)) return namesOfPath(span);
  const found = namesIn(span).filter(({ name }) => name.length > 1);
  const outside = found.filter(({ isInside }) => !isInside);
  const calls = outside.filter(({ isCalled }) => isCalled).length;
  // A whole command or expression says less of each of its words.
  const shareOf = ({ isInside, isCalled, isKey }: Found): number => {
    if (isInside) return isCalled ? CALLED_INSIDE : isKey ? KEY : 0;
    if (calls === 0) return 1 / Math.sqrt(outside.length);
    return isCalled ? 1 / Math.sqrt(calls) : BESIDE / Math.sqrt(outside.length);
  };
  return found
    .map((one) => ({ name: one.name, share: shareOf(one), isMember: one.isMember }))
    .filter(({ share }) => share > 0);
}

function namesOfPath(path: string): SpanName[] {
  const parts = path.split('/');
  return parts.flatMap((name, index) =>
    NAME.test(name) ? [{ name, share: index === parts.length - 1 ? 1 : FOLDER, isMember: false }] : [],
  );
}

function namesIn(span: string): Found[] {
  const found: Found[] = [];
  const open: string[] = [];
  let before = '';
  for (const match of span.matchAll(TOKEN)) {
    const [token] = match;
    const after = span.slice(match.index + token.length);
    const isInside = open.includes('(');
    if (/^[({[]$/.test(token)) open.push(token);
    else if (/^[)}\]]$/.test(token)) open.pop();
    else if (NAME.test(token)) {
      const isCalled = /^(<[^()]*>)?\(/.test(after);
      const isKey = open.at(-1) === '{' ? /^\s*:/.test(after) : /^[(,]$/.test(before) && /^=(?![=>])/.test(after);
      found.push({ name: token, isInside, isCalled, isKey, isMember: isCalled || span[match.index - 1] === '.' });
    } else if (token !== ',' && !isInside) found.push(...wordsOf(token));
    before = token;
  }
  return found;
}

/** Words of a text in quotes that is not handed to anything. */
const wordsOf = (text: string): Found[] =>
  (text.match(/[A-Za-z_$][\w$-]*/g) ?? []).map((name) => ({
    name,
    isInside: false,
    isCalled: false,
    isKey: false,
    isMember: false,
  }));
