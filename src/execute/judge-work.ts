// Judges an agent's work by facts: which files changed (from git) and what the acceptance commands say (run by us).
import type { RunEvent } from '../events.ts';
import { diffPlace } from '../journal/judgement-facts.ts';
import type { DiffPolicy } from '../policy/diff-policy.ts';
import { createPathMatcher, matcher } from '../policy/match-paths.ts';
import type { BrokenCheck, Check, DiffFinding, FileChange, Task } from '../types.ts';

export interface PathRules {
  readonly task: Task;
  /** Paths of the contract: read-only to every task. */
  readonly contractPaths: readonly string[];
  readonly diffPolicy: DiffPolicy;
}

/** A path that may not be in the work, and why. */
export interface PathFault {
  readonly path: string;
  readonly reason: string;
}

/** Why finished work goes back: one line for the run, all of it for the agent. */
export interface Fault {
  readonly kind: Extract<RunEvent, { type: 'task.handed-back' }>['kind'];
  readonly detail: string;
  readonly told: string;
}

/** The changed paths that the task may not change, both sides of a rename looked at; empty when all is well. */
export function pathFaults(changed: readonly FileChange[], rules: PathRules): readonly PathFault[] {
  const owned = matcher(rules.task.owns);
  const guarded = createPathMatcher(rules.diffPolicy);
  const contract = new Set(rules.contractPaths);
  const reasonAgainst = (path: string): string | null => {
    if (contract.has(path)) return 'it belongs to the contract, which nobody may change';
    if (guarded(path)) return 'it is protected; only people change it';
    return owned(path) ? null : `it is outside the paths of this task (${rules.task.owns.join(', ')})`;
  };
  const paths = changed.flatMap(({ path, previousPath }) =>
    previousPath === undefined ? [path] : [previousPath, path],
  );
  return paths.flatMap((path) => {
    const reason = reasonAgainst(path);
    return reason === null ? [] : [{ path, reason }];
  });
}

/** Paths that may not be in the work, as a fault; null when there are none. */
export function ownershipFault(faults: readonly PathFault[]): Fault | null {
  if (faults.length === 0) return null;
  const lines = faults.map(({ path, reason }) => `${path}: ${reason}`);
  return {
    kind: 'ownership',
    detail: `not its own to change: ${someOf(faults.map(({ path }) => path))}`,
    told: `These changes are not allowed; undo them, or finish as blocked:\n${bullets(lines)}`,
  };
}

/** What the diff policy blocks, as a fault; null when it blocks nothing. */
export function policyFault(blocks: readonly DiffFinding[]): Fault | null {
  if (blocks.length === 0) return null;
  const lines = blocks.map((block) => `${placeOf(block)}${block.words} ${adviceOn(block)}`.trimEnd());
  return {
    kind: 'policy',
    detail: `not fit to be published: ${someOf([...new Set(blocks.map(({ path, rule }) => path || rule))])}`,
    told: `These changes cannot be published; mend them, or finish as blocked:\n${bullets(lines)}`,
  };
}

const placeOf = (block: DiffFinding): string => (block.path === '' ? '' : `${diffPlace(block)}: `);

/** What an agent can do about it; for what the words do not say already. */
const adviceOn = ({ rule }: DiffFinding): string => {
  switch (rule) {
    case 'secret':
      return 'Take it out; read it from the environment, or make a value up in parts where a test needs one.';
    case 'hidden-characters':
      return 'Write it as an escape, or leave it out.';
    case 'package-source':
      return 'Take the package from its public registry.';
    case 'executable':
      return 'Take the mode back (chmod -x), or put the program into bin/ or scripts/.';
    case 'new-dot-directory':
      return 'Put it elsewhere.';
    case 'too-many-files':
    case 'too-many-lines':
    case 'too-many-bytes':
      return 'Take out what is generated or not asked for.';
    default:
      return 'Undo it.';
  }
};

/** Files with conflict markers left in them, as a fault; null when there are none. */
export function markerFault(paths: readonly string[]): Fault | null {
  if (paths.length === 0) return null;
  return {
    kind: 'conflict',
    detail: `conflict markers left in ${someOf(paths)}`,
    told: `Conflict markers (<<<<<<<, >>>>>>>) are left in these files; resolve every one of them:\n${bullets(paths)}`,
  };
}

/** Work without any change has to say why; null when it does, or when there are changes. */
export function emptinessFault(changed: readonly FileChange[], summary: string): Fault | null {
  if (changed.length > 0 || summary.trim() !== '') return null;
  return {
    kind: 'acceptance',
    detail: 'nothing was changed and no reason was given',
    told: 'Nothing was changed. If nothing is to be done, say why in `summary`.',
  };
}

/**
 * Acceptance commands that fail, as a fault; null when none does.
 * @param failsWithout those that fail in the same way without the work
 */
export function acceptanceFault(failing: readonly Check[], failsWithout: readonly string[]): Fault | null {
  if (failing.length === 0) return null;
  const told = failing.map((check) => {
    const also = failsWithout.includes(check.command) ? ` ${ALSO_WITHOUT}` : '';
    return `\`${check.command}\` failed (${exitOf(check)}).${also}\n${check.outputTail}`;
  });
  return {
    kind: 'acceptance',
    detail: failing.map((check) => `${oneLine(check.command)}: ${exitOf(check)}${failuresOf(check)}`).join('; '),
    told: `Not done yet. ${told.join('\n\n')}`,
  };
}

/** Said where a command fails as it did before. It may be the very thing that the task is to mend. */
const ALSO_WITHOUT =
  'Run without your change it fails in the same way. If that is not for this task to mend, or the command is wrong, finish as blocked and say so in `question`; do not change unrelated code for it.';

/**
 * True when the command passed, fails with nothing that did not fail on the base (both must name what fails), or could
 * not be started on either: nothing can be judged by it then, and an agent cannot mend the machine.
 */
export function isAccepted(check: Check, baseline: readonly Check[], brokenBy: BrokenBy): boolean {
  if (check.exitCode === 0) return true;
  const before = baseline.find((known) => known.command === check.command);
  if (before === undefined || before.exitCode === 0) return false;
  if (isMissing(before) && isMissing(check)) return true;
  if (before.failures.length === 0 || check.failures.length === 0) return false;
  return brokenBy([{ ...before, name: check.name }], [check]).length === 0;
}

/** What a shell says of a command it cannot find or may not run (POSIX.1-2017, XCU 2.8.2). */
const isMissing = ({ exitCode }: Check): boolean => exitCode === 127 || exitCode === 126;

/** Checks that fail in `after` and did not fail in the same way in `before`; compared by name. */
export type BrokenBy = (before: readonly Check[], after: readonly Check[]) => readonly BrokenCheck[];

const exitOf = ({ exitCode }: Check): string =>
  exitCode === null ? 'killed at its time limit' : `exit code ${exitCode}`;

/** The first of the failing tests, where the runner names them. */
const failuresOf = ({ failures }: Check): string =>
  failures.length === 0 ? '' : ` (failing: ${someOf(failures.map(oneLine))})`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 80);

const someOf = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
