// A run as plain lines: for logs, pipes and the log of an Action.
import type { RunEvent, Stage } from '../events.ts';
import { applyEntry } from '../journal/project-run.ts';
import { emptyRunState } from '../journal/run-state.ts';
import type { Reporter } from '../ports.ts';
import { eventLines } from './event-line.ts';

/** The part of the sink that a log needs. */
export interface LogSink {
  log(text: string): string;
}

export interface PlainReporterOptions {
  /** Takes one line at a time, without its line feed. */
  readonly write: (line: string) => void;
  /** Every line passes it before it is written. */
  readonly sink: LogSink;
  /** Fold the lines of each stage in the log of an Action (`::group::`). */
  readonly groups?: boolean;
}

const stageTitles: Readonly<Record<Stage, string>> = {
  trigger: 'Read the request',
  prepare: 'Prepare the repository',
  plan: 'Plan',
  execute: 'Build',
  integrate: 'Integrate',
  verify: 'Check the result',
  publish: 'Publish',
};

/** One line an event worth it, stages as headings. The lines of the outcome are never folded. */
export function createPlainReporter({ write, sink, groups = false }: PlainReporterOptions): Reporter {
  let state = emptyRunState;
  let seq = 0;
  let groupOpen = false;
  const heading = (stage: Stage): void => {
    endGroup();
    write(groups ? `::group::${stageTitles[stage]}` : `== ${stageTitles[stage]}`);
    groupOpen = groups;
  };
  const endGroup = (): void => {
    if (groupOpen) write('::endgroup::');
    groupOpen = false;
  };
  const line = (text: string): void => {
    const clean = sink.log(text.replace(/[\r\n]+\s*/g, ' ').trimEnd());
    if (clean !== '') write(clean);
  };
  return {
    emit(event: RunEvent) {
      // Only sums and names are read from this state, never times.
      state = applyEntry(state, { seq: seq++, atMs: 0, event });
      if (event.type === 'stage.started') heading(event.stage);
      if (event.type === 'run.ended') endGroup();
      for (const text of eventLines(event, state)) line(text);
    },
  };
}
