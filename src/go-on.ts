// A run that begins where an earlier one about the same was interrupted: on its base, with its plan and what it had landed.
import type { Config } from './config/config.ts';
import type { Keeping } from './keep-state.ts';
import type { Ledger } from './money/ledger.ts';
import type { Reporter } from './ports.ts';
import type { BranchPusher } from './publish/branch-pusher.ts';
import { goOnFrom, requestHash, type Resumption } from './state/go-on-from.ts';
import type { Base } from './trigger/choose-base.ts';
import type { Issue, Plan } from './types.ts';

export interface Start {
  readonly base: Base;
  /** Null where the run starts afresh. */
  readonly earlier: Resumption | null;
  /** Its plan, and what it had landed; null where there is none. */
  readonly earlierPlan: Plan | null;
  readonly landed: Resumption['landed'];
}

/** Where the run really starts. Notes it, so that the next start knows too. */
export async function goOn(
  now: { readonly issue: Issue; readonly base: Base; readonly config: Config },
  keeping: Keeping,
): Promise<Start> {
  const request = requestHash(now.issue);
  const roles = now.config.roles.map(({ id }) => id);
  const earlier = await goOnFrom(keeping.earlier, { request, base: now.base, roles });
  const base = earlier === null ? now.base : { ...now.base, commit: earlier.baseCommit };
  const { commit, baseBranch, branch, pullRequest } = base;
  const expected = await base.expected;
  keeping.note({ request, base: { commit, baseBranch, branch, expected, pullRequest: pullRequest?.number ?? null } });
  return { base, earlier, earlierPlan: earlier?.plan ?? null, landed: earlier?.landed ?? null };
}

export interface TakeOverDeps {
  readonly reporter: Reporter;
  readonly ledger: Ledger;
  readonly pusher: BranchPusher;
}

/**
 * Tells the run, its ledger and its accounts of what the earlier one did, and pushes what that one did not live to push.
 * After its plan was told as accepted.
 */
export function takeOver(earlier: Resumption | null, { reporter, ledger, pusher }: TakeOverDeps): void {
  if (earlier === null) return;
  const { runId, usage, landed, pushed } = earlier;
  const results = landed?.results ?? [];
  ledger.carry(usage);
  reporter.emit({ type: 'run.continued', runId, results, usage });
  for (const result of results) reporter.emit({ type: 'task.ended', result });
  for (const { branch, commit } of results) {
    const isPushed = pushed.some((one) => one.branch === branch && one.commit === commit);
    if (commit !== null && !isPushed) pusher.push(branch, commit);
  }
  for (const merge of landed?.merges ?? []) reporter.emit({ type: 'merge.ended', merge });
}
