// The record of a run at this moment, from the run's state and from what only the orchestrator knows.
import type { RunState } from '../journal/run-state.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import type { Usage } from '../types.ts';
import type { StateContent } from './state-writer.ts';
import type { StateRecord } from './state-record.ts';

/** What the run's state does not tell. */
export interface StateNotes {
  readonly request: string | null;
  readonly base: StateRecord['base'];
  readonly landed: StateRecord['landed'];
  /** What the run that this one goes on from has cost, and the branches that it pushed. */
  readonly before: Usage;
  readonly branchesBefore: StateRecord['effects']['branches'];
  readonly progressCommentId: number | null;
  readonly summaryCommentId: number | null;
}

export const noNotes: StateNotes = {
  request: null,
  base: null,
  landed: null,
  before: noUsage,
  branchesBefore: [],
  progressCommentId: null,
  summaryCommentId: null,
};

/**
 * @param spent of this run alone, calls under way at their worst
 * @param carried the record of an earlier run as long as it is open whether this one goes on from it: nothing of it is to
 *   be lost when this one is killed before that
 */
export function stateContent(
  state: RunState,
  notes: StateNotes,
  spent: Usage,
  carried: StateRecord | null,
): StateContent {
  return {
    runId: state.runId,
    actor: state.trigger?.actor ?? '',
    phase: phaseOf(state),
    startedAtMs: state.startedAtMs,
    // Of a run that may have shown a credential nothing is kept but that it was, and nothing is gone on with.
    ...(state.isExposed ? noWork : workOf(state, notes, carried)),
    usage: addUsage(carried?.usage ?? notes.before, spent),
    effects: effectsOf(state, notes, carried),
    outcome: state.isExposed ? 'failed: credential-exposed' : (state.outcome?.kind ?? null),
  };
}

type Kept = Pick<StateContent, 'request' | 'base' | 'plan' | 'landed'>;

const noWork: Kept = { request: null, base: null, plan: null, landed: null };

const workOf = (state: RunState, notes: StateNotes, carried: StateRecord | null): Kept => ({
  request: notes.request ?? carried?.request ?? null,
  base: notes.base ?? carried?.base ?? null,
  plan: state.plan ?? carried?.plan ?? null,
  landed: notes.landed ?? carried?.landed ?? null,
});

function effectsOf(state: RunState, notes: StateNotes, carried: StateRecord | null): StateRecord['effects'] {
  const { outcome, branches } = state;
  const pullRequest = outcome !== null && 'pullRequest' in outcome ? outcome.pullRequest : null;
  const known = carried?.effects.branches ?? notes.branchesBefore;
  return {
    progressCommentId: notes.progressCommentId,
    summaryCommentId: notes.summaryCommentId,
    pullRequest: pullRequest?.number ?? null,
    branches: [...known.filter(({ branch }) => !branches.some((one) => one.branch === branch)), ...branches],
  };
}

/** A run that failed or was stopped leaves something to go on with; one that came to its own end does not. */
function phaseOf({ outcome, stoppedBy, isExposed }: RunState): StateRecord['phase'] {
  if (outcome === null) return 'running';
  if (isExposed) return 'ended';
  return outcome.kind === 'failed' || stoppedBy !== null ? 'stopped' : 'ended';
}

/** Commits that a start on another machine needs to have. */
export function neededCommits({ base, landed }: StateContent): readonly string[] {
  if (landed === null) return base === null ? [] : [base.commit];
  const results = landed.results.flatMap(({ commit }) => commit ?? []);
  return [...new Set([landed.head.commit, landed.start, ...results])];
}
