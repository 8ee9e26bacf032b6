// May a run go on from the record of an earlier one? Only where it is the same request, on work of ours alone.
import { createHash } from 'node:crypto';
import type { Issue, Plan, PullRequest } from '../types.ts';
import type { StateRecord } from './state-record.ts';

/** Where a run starts from, and what its result goes over: see trigger/choose-base.ts. */
export interface StartingPoint {
  readonly commit: string;
  readonly baseBranch: string;
  readonly branch: string;
  readonly expected: Promise<string | null>;
  readonly pullRequest: PullRequest | null;
}

/** What an earlier run has left, as far as it can be used. */
export interface Resumption {
  readonly runId: string;
  readonly plan: Plan;
  readonly landed: StateRecord['landed'];
  readonly usage: StateRecord['usage'];
  /** What it had pushed, as far as it could still say so. */
  readonly pushed: StateRecord['effects']['branches'];
  /** Commit that the earlier run started from. */
  readonly baseCommit: string;
  readonly baseBranch: string;
}

export interface Now {
  readonly request: string;
  readonly base: StartingPoint;
  /** Ids of the roles that there are. */
  readonly roles: readonly string[];
}

/** sha256 (hex) of what was asked: another text is another request. */
export const requestHash = ({ title, body, instructions, comments }: Issue): string =>
  createHash('sha256')
    .update(JSON.stringify([title, body, instructions, comments]))
    .digest('hex');

/** What can be gone on from; null where the run has to start afresh. */
export async function goOnFrom(record: StateRecord | null, now: Now): Promise<Resumption | null> {
  if (record === null || record.phase === 'ended' || record.request !== now.request) return null;
  const { plan, base, landed, usage, runId, effects } = record;
  if (plan === null || base === null || !isWhole(plan)) return null;
  if (!plan.tasks.every(({ role }) => now.roles.includes(role))) return null;
  if (base.branch !== now.base.branch || base.baseBranch !== now.base.baseBranch) return null;
  // What a person has pushed to the branch since is to be built on, not overwritten.
  const head = await now.base.expected;
  const ours = [base.expected, landed?.head.commit, ...ownCommits(record, base.branch)];
  if (!ours.includes(head)) return null;
  return { runId, plan, landed, usage, pushed: effects.branches, baseCommit: base.commit, baseBranch: base.baseBranch };
}

const ownCommits = ({ effects }: StateRecord, branch: string): readonly string[] =>
  effects.branches.filter((one) => one.branch === branch).map(({ commit }) => commit);

/** The hash is the plan's own (plan/make-plan.ts): a text that was cleaned or changed on the way no longer fits it. */
function isWhole({ estimate: _estimate, hash, ...body }: Plan): boolean {
  const { summary, tasks, decisions, contract } = body;
  const whole = JSON.stringify({ summary, tasks, decisions, contract });
  return createHash('sha256').update(whole).digest('hex') === hash;
}
