// Shows people that a run has begun: a reaction, and the progress comment that is edited from then on.
import type { RunEvent } from './events.ts';
import type { RunState } from './journal/run-state.ts';
import type { Clock, GitHub, Reporter } from './ports.ts';
import { knownMarkers } from './publish/effect-marker.ts';
import { renderProgressComment } from './publish/progress-comment.ts';
import { startProgress, type ProgressPublisher } from './publish/progress-publisher.ts';
import type { Sink } from './publish/sink.ts';
import type { Trigger } from './types.ts';

/** After this the run is seen to have begun. Not at once: the first request to the model would wait for it. */
const acknowledgeAfterMs = 250;

interface Journal extends Reporter {
  state(): RunState;
  subscribe(listener: (entry: { readonly event: RunEvent }) => void): unknown;
}

/** True once the run has passed all that may keep it from starting; false when it ended before. Not before it may be seen. */
export async function whenAdmitted(journal: Journal, clock: Clock): Promise<boolean> {
  const admitted = new Promise<boolean>((resolve) => {
    journal.subscribe(({ event }) => {
      if (event.type === 'base.opened') resolve(true);
      if (event.type === 'run.ended') resolve(false);
    });
  });
  await clock.sleep(acknowledgeAfterMs);
  return admitted;
}

export interface AcknowledgedRun {
  readonly trigger: Trigger;
  readonly config: { readonly progressIntervalMs: number };
  readonly earlierRunIds?: readonly string[];
  /** Given where another job publishes. */
  readonly resultDir?: string;
}

export interface AcknowledgeDeps {
  readonly github: GitHub | null;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** The reaction and the progress comment, beside the work; neither can end the run. */
export function acknowledge(
  { trigger, config, earlierRunIds, resultDir }: AcknowledgedRun,
  admitted: Promise<boolean>,
  { github, sink, clock, journal }: AcknowledgeDeps,
): Pick<ProgressPublisher, 'finish'> | null {
  // What belongs to a pull request takes `pull-requests: write`, which only the job that publishes has.
  const mayWrite = resultDir === undefined || trigger.pullRequestNumber === null;
  const issueNumber = trigger.issueNumber ?? (mayWrite ? trigger.pullRequestNumber : null);
  if (github === null || issueNumber === null) return null;
  const warn = (what: string) => (error: unknown) =>
    journal.emit({ type: 'warning', message: `${what}: ${error instanceof Error ? error.message : String(error)}` });
  const target =
    trigger.commentId === null
      ? { kind: 'issue' as const, id: issueNumber }
      : { kind: 'comment' as const, id: trigger.commentId };
  // A run that cannot start leaves a comment that says why, and no reaction that nothing follows.
  const reaction = admitted
    .then((yes) => (yes && mayWrite ? github.react(target, 'eyes') : undefined))
    .catch(warn('The reaction could not be added'));
  const progress = startProgress({
    github,
    issueNumber,
    markers: knownMarkers(journal.state(), 'progress', earlierRunIds),
    render: () => sink.markdown(renderProgressComment(journal.state())),
    clock,
    minIntervalMs: config.progressIntervalMs,
    firstDelayMs: acknowledgeAfterMs,
    onSaved: (comment) => journal.emit({ type: 'comment.saved', kind: 'progress', ...comment }),
    onFailed: warn('The progress comment could not be written'),
  });
  journal.subscribe(() => progress.touch());
  return { finish: async () => void (await Promise.all([reaction, progress.finish()])) };
}
