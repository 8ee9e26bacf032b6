// Can two globs match the same path? Answered for the patterns alone, so that files yet to be made count too.

/** True when some path could match both. Errs towards true where two wildcards meet inside one segment. */
export function globsOverlap(a: string, b: string): boolean {
  return expandBraces(a).some((one) => expandBraces(b).some((two) => segmentsOverlap(one.split('/'), two.split('/'))));
}

function segmentsOverlap(a: readonly string[], b: readonly string[]): boolean {
  const [headA, ...restA] = a;
  const [headB, ...restB] = b;
  if (headA === undefined && headB === undefined) return true;
  if (headA === '**') return segmentsOverlap(restA, b) || (headB !== undefined && segmentsOverlap(a, restB));
  if (headB === '**') return segmentsOverlap(a, restB) || (headA !== undefined && segmentsOverlap(restA, b));
  if (headA === undefined || headB === undefined) return false;
  return segmentOverlap(headA, headB) && segmentsOverlap(restA, restB);
}

function segmentOverlap(a: string, b: string): boolean {
  const wildA = /[*?[\]!()]/.test(a);
  const wildB = /[*?[\]!()]/.test(b);
  if (!wildA && !wildB) return a === b;
  if (wildA !== wildB) return wildA ? segmentPattern(a).test(b) : segmentPattern(b).test(a);
  return startsAgree(a, b) && endsAgree(a, b);
}

const segmentPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}|\\]/g, '\\$&')
      .replace(/\[[^\]]*\]|[!@+*?]?\([^)]*\)/g, '.*')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.')}$`,
  );

function startsAgree(a: string, b: string): boolean {
  const [one, two] = [literalStart(a), literalStart(b)];
  return one.startsWith(two) || two.startsWith(one);
}

function endsAgree(a: string, b: string): boolean {
  const [one, two] = [literalStart(reversed(a)), literalStart(reversed(b))];
  return one.startsWith(two) || two.startsWith(one);
}

const literalStart = (glob: string): string => /^[^*?[\]!()]*/.exec(glob)?.[0] ?? '';
const reversed = (text: string): string => [...text].reverse().join('');

/** `a/{b,c}/d` to `a/b/d`, `a/c/d`; nested braces too. */
function expandBraces(glob: string): string[] {
  const match = /^(.*)\{([^{}]*)\}(.*)$/s.exec(glob);
  if (match === null) return [glob];
  const [, before = '', inner = '', after = ''] = match;
  return inner.split(',').flatMap((part) => expandBraces(`${before}${part}${after}`));
}
