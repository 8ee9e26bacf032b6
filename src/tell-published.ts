// What a publishing job leaves of a run besides its pull request: the last words of the progress comment, and the run's line in
// the list of runs. Neither can undo what was published.
import type { RunState } from './journal/run-state.ts';
import { lineOfRun, openHistory } from './keep-state.ts';
import type { Git, GitHub, Reporter } from './ports.ts';
import { knownMarkers } from './publish/effect-marker.ts';
import type { Manifest } from './publish/manifest.ts';
import { renderProgressComment } from './publish/progress-comment.ts';
import { saveComment } from './publish/save-comment.ts';
import type { Sink } from './publish/sink.ts';
import { recordRuns } from './state/record-runs.ts';
import type { Trigger } from './types.ts';

const warn =
  ({ emit }: Reporter, what: string) =>
  (error: unknown): void =>
    emit({ type: 'warning', message: `${what}: ${error instanceof Error ? error.message : String(error)}` });

/**
 * Edits the comment that the agents' job kept up to date. It stays as it is where that job has told how the run ended, and a
 * run that a pull request asked for has its summary there.
 */
export async function tellIssue(
  state: RunState,
  runIds: readonly string[],
  { github, sink, reporter }: { readonly github: GitHub; readonly sink: Sink; readonly reporter: Reporter },
): Promise<void> {
  const issueNumber = state.trigger?.issueNumber ?? null;
  const { outcome, integration } = state;
  if (issueNumber === null || (outcome?.kind !== 'failed' && integration?.result == null)) return;
  const markers = knownMarkers(state, 'progress', runIds);
  try {
    await saveComment({ github, issueNumber, markers }, null, sink.markdown(renderProgressComment(state)));
  } catch (error) {
    warn(reporter, 'The progress comment could not be written')(error);
  }
}

export interface SpentPlace {
  readonly trigger: Trigger;
  readonly branchPrefix: string;
  /** Any commit of the repository. */
  readonly commit: string;
  readonly atMs: number;
}

/** Counts what the agents' job has spent against the limits by day, by that job's word. Never rejects. */
export async function recordSpent(
  { runId, spent, report }: Manifest,
  { trigger, atMs, ...place }: SpentPlace,
  {
    git,
    reporter,
    clean,
  }: { readonly git: Git; readonly reporter: Reporter; readonly clean: (text: string) => string },
): Promise<void> {
  const { costNanoUsd } = spent;
  const line = lineOfRun({ runId, trigger, tasks: report.tasks }, { atMs, costNanoUsd });
  await recordRuns(openHistory(place, git), [line], clean).catch(
    warn(reporter, 'The run could not be added to the list of runs'),
  );
}
