// The checks that judge the result, as the brief tells them: what each is part of, and how it stands on the base commit.
import { quoted } from '../agent/fence.ts';
import { tellingLines } from '../sandbox/test-output/telling-lines.ts';
import type { Check } from '../types.ts';
import { countsText } from './counts-text.ts';

type CheckSpec = Pick<Check, 'name' | 'command'>;

export interface ChecksFacts {
  readonly checks: readonly CheckSpec[];
  /** The checks as they ended on the base commit; null: they still run. */
  readonly baseline: readonly Check[] | null;
  /** Scripts of package.json. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Packages that package.json names as needed for development. */
  readonly devPackages: readonly string[];
}

/** Programs by the package that brings them: what they do is the same however they are started. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ...Object.fromEntries('vitest jest mocha ava tsd xo eslint oxlint prettier'.split(' ').map((name) => [name, name])),
  '@biomejs/biome': 'biome',
  typescript: 'tsc',
};

/** One line a check, under a line that says what they are. */
export function checksText(facts: ChecksFacts): string {
  const { checks, baseline } = facts;
  if (checks.length === 0) return '- no checks were found: the project has no test command';
  const when =
    baseline === null
      ? '(they still run on the base commit; results, where known by then, stand with your task)'
      : 'and how they ended before any change';
  return [
    `Checks that judge the result${baseline === null ? ' ' : ', '}${when}:`,
    ...checks.map(
      (check) => `- ${check.name}: \`${check.command}\`${partText(check, facts)}${stateText(check, facts)}`,
    ),
    ...insteadText(facts),
  ].join('\n');
}

/** A check whose script another check runs: running that one is enough. */
function partText(check: CheckSpec, { checks, scripts }: ChecksFacts): string {
  const own = scriptOf(check.command, scripts);
  const whole = checks.find((other) => {
    const parts = other === check ? [] : (scriptOf(other.command, scripts) ?? '').split(/&&|;/);
    return parts.some((part) => part.trim() !== '' && [check.command, own].includes(part.trim()));
  });
  return whole === undefined ? '' : ` (part of ${whole.name})`;
}

/** Text of the script that a command runs; undefined when it runs none. */
function scriptOf(command: string, scripts: ChecksFacts['scripts']): string | undefined {
  const name = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:-]+)$/.exec(command.trim())?.[1];
  return name === undefined ? undefined : scripts[name]?.trim();
}

const stateOf = ({ name, command }: CheckSpec, { baseline }: ChecksFacts): Check | undefined =>
  baseline?.find((one) => one.name === name && one.command === command);

/** Exit codes of a shell that found no program, or one that it may not run (POSIX). */
const cannotRun = (check: Check | undefined): boolean => check?.exitCode === 127 || check?.exitCode === 126;

/** Failing tests named for each check; a run that broke altogether has hundreds. */
const NAMED_FAILURES = 10;

function stateText(spec: CheckSpec, facts: ChecksFacts): string {
  const check = stateOf(spec, facts);
  if (check === undefined) return '';
  if (cannotRun(check))
    return ` cannot be run here: ${missing(check)} (exit code ${check.exitCode}); it judges nothing`;
  const counts = countsText(check);
  if (check.exitCode === 0) return ` passes${counts}`;
  const names = check.failures.slice(0, NAMED_FAILURES).map((failure) => quoted(failure, 120));
  const more = check.failures.length > names.length ? ` and ${check.failures.length - names.length} more` : '';
  const code = check.exitCode === null ? 'stopped at its time limit' : `exit code ${check.exitCode}`;
  const why = names.length === 0 ? reasonOf(check) : `: ${names.join('; ')}${more}`;
  return ` FAILS before any change, ${code}${counts}${why}`;
}

/** Where no test is named: the last line that tells of a failure, which may be the machine's and not the project's. */
function reasonOf({ outputTail }: Check): string {
  const line = tellingLines(outputTail).at(-1);
  return line === undefined ? '' : `: ${quoted(line, 160)}`;
}

/** The program as the shell names it: `sh: 1: bun: not found`, `bash: line 1: bun: command not found`. */
function missing({ outputTail, exitCode }: Check): string {
  const name = /(?:^|: |\s)([\w./@+-]{1,60}): (?:command )?not found/m.exec(outputTail)?.[1];
  if (exitCode === 126) return 'its program may not be executed';
  return name === undefined ? 'its program was not found' : `\`${name}\` not found`;
}

/** What package.json names besides, where a check cannot be run. */
function insteadText(facts: ChecksFacts): string[] {
  if (!facts.checks.some((check) => cannotRun(stateOf(check, facts)))) return [];
  const programs = facts.devPackages.flatMap((name) => PROGRAMS[name] ?? []);
  return programs.length === 0 ? [] : [`- package.json names these, which run by \`npx\`: ${programs.join(', ')}`];
}
