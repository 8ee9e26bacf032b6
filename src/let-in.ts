// The door of a run: what is asked, where it would start, and whether it may. Nothing is built, claimed or paid before.
import { confirmRequest, readEdits } from './confirm-request.ts';
import type { Keeping } from './keep-state.ts';
import type { Clock, Git, GitHub, Remember, Reporter } from './ports.ts';
import { chooseBase, type Base, type BaseQuestion } from './trigger/choose-base.ts';
import { confirmationReason } from './trigger/confirmation.ts';
import { readIssue, readText } from './trigger/read-issue.ts';
import type { Issue, RunOutcome, Trigger } from './types.ts';

export interface LetIn {
  readonly kind: 'let-in';
  readonly issue: Issue;
  readonly chosen: Base;
}

export interface LetInDeps {
  readonly git: Git;
  readonly github: GitHub | null;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly keeping: Pick<Keeping, 'refusal' | 'claim'>;
  readonly remember?: Remember;
}

/** Reads all at once, since each question takes a way to GitHub and back. @throws RunError of what was read */
export async function letIn(
  trigger: Trigger,
  question: Omit<BaseQuestion, 'defaultBranch'>,
  deps: LetInDeps,
): Promise<LetIn | Extract<RunOutcome, { kind: 'skipped' }>> {
  const { git, github, reporter, keeping } = deps;
  const reading = readText(trigger, github);
  const [issue, text, edits, full, chosen] = await Promise.all([
    readIssue(trigger, github, reading),
    reading,
    readEdits(trigger, deps),
    keeping.refusal,
    chooseBase({ ...question, defaultBranch: trigger.defaultBranch ?? null }, git, github),
  ]);
  reporter.emit({ type: 'issue.read', issue });
  if (full !== null) return { kind: 'skipped', reason: full };
  const confirmation = await confirmRequest({ trigger, text, edits, base: chosen.commit }, deps);
  if (confirmation !== null) {
    reporter.emit({ type: 'confirmation.asked', confirmation });
    return { kind: 'skipped', reason: confirmationReason(confirmation) };
  }
  // A run that was at work before this one began shows at once; what is claimed meanwhile shows later.
  const busy = await knownNow(keeping.claim());
  return busy === null ? { kind: 'let-in', issue, chosen } : { kind: 'skipped', reason: busy };
}

/** What a promise has come to by now; null while it has not. Rejects where it has. */
export const knownNow = <Value>(promise: Promise<Value>): Promise<Value | null> =>
  Promise.race([promise, Promise.resolve(null)]);
