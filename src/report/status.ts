// How states are coloured and worded, in one place.
import type { CheckPhase } from '../events.ts';
import type { Check, RunOutcome } from '../types.ts';
import type { TaskState } from '../journal/run-state.ts';
import { html, pill } from './html.ts';
import type { Html, Tone } from './html.ts';

const tones: Readonly<Record<TaskState['status'], Tone>> = {
  waiting: 'quiet',
  running: 'busy',
  merging: 'busy',
  completed: 'good',
  partial: 'warn',
  skipped: 'warn',
  failed: 'bad',
};

export const statusTone = (status: TaskState['status']): Tone => tones[status];

/** Tone and words of an outcome; null is a run that has not ended, or was killed. */
export function describeOutcome(outcome: RunOutcome | null): { readonly tone: Tone; readonly words: string } {
  switch (outcome?.kind) {
    case 'opened':
      return { tone: 'good', words: outcome.pullRequest.draft ? 'Draft pull request opened' : 'Pull request opened' };
    case 'updated':
      return { tone: 'good', words: 'Pull request updated' };
    case 'partial':
      return { tone: 'warn', words: outcome.pullRequest === null ? 'Partial' : 'Partial: draft pull request' };
    case 'built':
      return { tone: 'good', words: 'Built on a branch' };
    case 'planned':
      return { tone: 'good', words: 'Planned' };
    case 'skipped':
      return { tone: 'quiet', words: 'Skipped' };
    case 'failed':
      return { tone: 'bad', words: 'Failed' };
    case undefined:
      return { tone: 'busy', words: 'Not finished' };
  }
}

/** What a check was run for; a task's own acceptance is told from what became of it with others. */
export const phaseWords: Readonly<Record<CheckPhase, string>> = {
  baseline: 'check on the base',
  task: 'acceptance',
  merge: 'check after merging',
  final: 'check on the result',
};

/** `passed`, `exit 1`, `killed`, with the counts where they are known; nothing where it did not run. */
export function checkResult(check: Check | undefined): Html {
  if (check === undefined) return pill('quiet', 'not run');
  const words = check.exitCode === 0 ? 'passed' : check.exitCode === null ? 'killed' : `exit ${check.exitCode}`;
  const counts = countsOf(check);
  return html`${pill(check.exitCode === 0 ? 'good' : 'bad', words)} ${counts !== '' && html`<small>${counts}</small>`}`;
}

/** `12 passed, 1 failed, 2 skipped`; empty where the runner's output was not understood. */
function countsOf({ passed, failed, skipped }: Check): string {
  const parts = [
    ...(passed === undefined ? [] : [`${passed} passed`]),
    ...(failed === undefined || failed === 0 ? [] : [`${failed} failed`]),
    ...(skipped === undefined || skipped === 0 ? [] : [`${skipped} skipped`]),
  ];
  return parts.join(', ');
}
