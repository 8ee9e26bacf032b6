// Finds secrets in a text: those of this process in whatever form, and what looks like anybody's key.
import { createOwnSecrets, type OwnSecrets } from './own-secrets.ts';
import { findPrivateKeys } from './private-keys.ts';
import { isPlaceholder } from './placeholders.ts';
import { blot, inOrder, type TextRange } from './ranges.ts';
import { findUrlPasswords } from './url-passwords.ts';
import { vendorPatterns } from './vendor-patterns.ts';

export interface SecretHit {
  /** `own-secret`, or the id of the vendor's rule. */
  readonly rule: string;
  /** One of our registered secrets, in any form. */
  readonly own: boolean;
  /** From 1. */
  readonly line: number;
}

export interface SecretFinder {
  /**
   * The text with `***` for each secret, showing no part of it. Our own are found raw, in base64 (any offset, also twice),
   * hex, reversed, rot13, URL- and JSON-escaped form, also when cut or broken by what nobody sees, as long as ten
   * characters in a row remain. Applied twice it is as if applied once. Linear in the text.
   */
  redact(text: string): string;
  /** Where secrets stand, by line, each rule once a line; never their value. Without examples and words in place of keys. */
  find(text: string): readonly SecretHit[];
  /** True where one of our own shows, in any form. Costs a fraction of `find`. */
  showsOwn(text: string): boolean;
}

const ownRule = 'own-secret';

interface Found extends TextRange {
  readonly rule: string;
}

/** No vendor's key, and no address with a password worth the name, is shorter. */
const minForeignLength = 12;

/** Up to here a look for marks is cheaper than making a pattern ready, which a run of few words then never does. */
const maxShortLength = 16_384;

/** Of a key: more of it says no more about whether it is one. */
const maxJudgedLength = 400;

/** @param options.secrets credentials that the process holds; those shorter than six characters are not searched for */
export function createSecretFinder({ secrets }: { readonly secrets: readonly string[] }): SecretFinder {
  // Made when it is first needed: entries make a finder at once, and most events are none of ours.
  let own: OwnSecrets | null = null;
  const findOwn: OwnSecrets = (text) => (own ??= createOwnSecrets(secrets))(text);
  return {
    showsOwn: (text) => findOwn(text).some(({ isTrue }) => isTrue),
    redact: (text) => {
      const ours = findOwn(text);
      const foreign = findForeign(text);
      if (ours.length === 0) return foreign.length === 0 ? text : blot(text, foreign);
      return blot(text, [...ours.map(({ from, to }) => ({ from, to, isPart: true })), ...foreign]);
    },
    find: (text) => {
      const ours = findOwn(text)
        .filter(({ isTrue }) => isTrue)
        .map(({ from, to }) => ({ from, to, rule: ownRule }));
      const foreign = findForeign(text).filter(({ from, to }) => !isPlaceholder(cut(text, from, to)));
      return toHits(text, [...ours, ...foreign]);
    },
  };
}

const cut = (text: string, from: number, to: number): string => text.slice(from, Math.min(to, from + maxJudgedLength));

function findForeign(text: string): readonly Found[] {
  if (text.length < minForeignLength) return [];
  const found: Found[] = [];
  for (const { from, to } of findPrivateKeys(text)) found.push({ from, to, rule: 'private-key' });
  for (const { from, to } of findUrlPasswords(text)) found.push({ from, to, rule: 'url-password' });
  const isShort = text.length <= maxShortLength;
  for (const { rule, marks, pattern } of vendorPatterns) {
    if (isShort && !marks.some((mark) => text.includes(mark))) continue;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      found.push({ from: match.index, to: pattern.lastIndex, rule });
    }
  }
  return found;
}

/** By line. A vendor's rule that sees one of ours adds nothing to that. */
function toHits(text: string, found: readonly Found[]): readonly SecretHit[] {
  const hits = new Map<string, SecretHit>();
  const lineOf = createLineCounter(text);
  for (const { rule, from } of withoutOverlap(inOrder(found))) {
    const line = lineOf(from);
    hits.set(`${line} ${rule}`, { rule, own: rule === ownRule, line });
  }
  return [...hits.values()];
}

/** @param found in order of their place */
function withoutOverlap(found: readonly Found[]): readonly Found[] {
  const ours = found.filter(({ rule }) => rule === ownRule);
  let next = 0;
  return found.filter(({ rule, from, to }) => {
    if (rule === ownRule) return true;
    while ((ours[next]?.to ?? Infinity) <= from) next++;
    return (ours[next]?.from ?? Infinity) >= to;
  });
}

/** Lines from 1, for places that are asked for in order. */
function createLineCounter(text: string): (place: number) => number {
  let line = 1;
  let feed = text.indexOf('\n');
  return (place) => {
    while (feed !== -1 && feed < place) {
      line += 1;
      feed = text.indexOf('\n', feed + 1);
    }
    return line;
  };
}
