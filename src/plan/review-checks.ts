// The checks on the integrated result as the reviewer is told of them: what failed before the change is named, not shown.
import { pickFailures } from '../sandbox/test-output/failing-first.ts';
import type { BrokenCheck, Check } from '../types.ts';
import { countsText } from './counts-text.ts';

/** Characters of a failing check's output. */
const LOG_CHARS = 2_000;
/** Tests named that fail anew; a run that broke altogether has hundreds. */
const NAMED = 10;

export interface ResultChecks {
  /** Checks on the integrated result. */
  readonly checks: readonly Check[];
  /** The same on the base. */
  readonly checksBefore: readonly Check[];
  /** Those that fail now and did not fail in the same way on the base, with the tests that are new in it. */
  readonly broken: readonly BrokenCheck[];
}

/** One line a check; below it the output of what fails anew, and of what cannot be told from failures before. */
export function resultChecksText({ checks, checksBefore, broken }: ResultChecks): string {
  const lines = checks.map((check) => {
    const before = checksBefore.find(({ name, exitCode }) => name === check.name && exitCode !== 0);
    const { exitCode, command } = check;
    if (exitCode === 0) return `- \`${command}\` passes${countsText(check)}`;
    const code = exitCode === null ? 'none (time limit)' : String(exitCode);
    const news = broken.find((one) => one.check.name === check.name)?.failures ?? null;
    const rest = before === undefined ? shown(check, check.failures) : sinceText(check, before, news);
    return `- \`${command}\` fails, exit code ${code}${countsText(check)}${rest}`;
  });
  return lines.join('\n') || '(none)';
}

/** How a check that failed before fails now. `news`: what fails anew; null when nothing does. */
function sinceText(check: Check, before: Check, news: readonly string[] | null): string {
  if (news === null) return sameText(check, before);
  const tests = news.filter((name) => check.failures.includes(name));
  if (tests.length === 0) return `; it failed before the change in another way${shown(check, [])}`;
  const named = tests.slice(0, NAMED).join('; ');
  const more = tests.length > NAMED ? ` and ${tests.length - NAMED} more` : '';
  return `; ${tests.length} of these did not fail before the change: ${named}${more}${shown(check, tests)}`;
}

function sameText(check: Check, before: Check): string {
  const [now, then] = [check.failures.length, before.failures.length];
  const isKnown =
    now > 0 && now >= (check.failed ?? 0) && check.failures.every((name) => before.failures.includes(name));
  if (isKnown)
    return now === then
      ? `; the same ${now} as before the change`
      : `; all of them among the ${then} before the change`;
  const isSame = withoutNumbers(check) === withoutNumbers(before);
  return `; it failed before the change too${isSame ? ', with the same output but for numbers' : shown(check, [])}`;
}

/** Times, and places that move. */
const withoutNumbers = ({ outputTail }: Check): string => outputTail.replace(/\d+(?:\.\d+)?/g, '0').trim();

/** The errors of these tests where the output begins with them; its end where one of them is not told of. */
function shown({ outputTail }: Check, tests: readonly string[]): string {
  const errors = pickFailures(outputTail, tests);
  const told = errors.join('\n\n').slice(0, LOG_CHARS);
  if (tests.length > 0 && errors.length >= tests.length) return `\n${told}`;
  const end = outputTail.trim().slice(-Math.max(1, LOG_CHARS - told.length));
  return told === '' ? `\n${end}` : `\n${told}\n[...]\n${end}`;
}
