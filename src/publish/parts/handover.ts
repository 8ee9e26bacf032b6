// Where two jobs share a run: what the one that publishes stands for by itself, and what is the other one's word.
import { formatCounted } from '../../journal/format.ts';
import type { RunState } from '../../journal/run-state.ts';
import { code } from '../foreign.ts';

/** To stand before whatever the agents' job measured; empty where one job did all. */
export function handoverNote({ handover, base }: RunState): string {
  if (handover?.kind !== 'checked') return '';
  const commits = `${formatCounted(handover.commits, 'commit')} on ${formatCounted(handover.branches, 'branch', 'branches')}`;
  const start = base === null ? 'the base' : code(base.commit.slice(0, 10));
  return `_The job that published this ran none of this code. By itself it has looked at ${commits} on top of ${start}: the files that changed, what the diff policy and the search for secrets say of each commit, and the tests that are gone. Results of checks, tasks, claims and cost are as the job with the agents reported them._`;
}
