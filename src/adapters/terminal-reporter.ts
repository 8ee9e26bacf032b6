// A run as a list that updates in place, where there is a terminal; as plain lines where there is none.
import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../events.ts';
import { applyEntry } from '../journal/project-run.ts';
import { emptyRunState } from '../journal/run-state.ts';
import type { Clock, Reporter } from '../ports.ts';
import { createPlainReporter, type LogSink } from './plain-reporter.ts';
import { taskListFrame } from './task-list-frame.ts';

/** A spinner turns about twelve times a second: smooth, and nothing beside a model call. */
const frameMs = 80;

/** What is asked of standard output; the size is that of now. */
export type TerminalStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

export interface TerminalReporterOptions {
  readonly stdout: TerminalStream;
  readonly sink: LogSink;
  readonly clock: Pick<Clock, 'now'>;
  /** The value of NO_COLOR; colours are left out when it is set and not empty. */
  readonly noColor?: string | undefined;
}

export interface TerminalReporter extends Reporter {
  /** Leaves the last frame standing and gives the terminal back. `run.ended` does it too; safe to call twice. */
  close(): void;
}

/** Paints on a terminal; falls back to plain lines elsewhere. */
export function createTerminalReporter(options: TerminalReporterOptions): TerminalReporter {
  const { isTTY, columns = 0, rows = 0 } = options.stdout;
  // Some pseudo-terminals have no size; nothing can be painted there.
  if (isTTY && columns > 0 && rows > 0) return createLiveReporter(options);
  const write = (line: string): void => void options.stdout.write(`${line}\n`);
  return { ...createPlainReporter({ write, sink: options.sink }), close: () => undefined };
}

function createLiveReporter({ stdout, sink, clock, noColor = '' }: TerminalReporterOptions): TerminalReporter {
  const update = createLogUpdate(stdout);
  const clean = (text: string): string => sink.log(text.replace(/\s+/g, ' '));
  let state = emptyRunState;
  let seq = 0;
  let tick = 0;
  const paint = (): void => {
    const { columns = 80, rows = 24 } = stdout;
    update(taskListFrame(state, { columns, rows, nowMs: clock.now(), tick: tick++, color: noColor === '', clean }));
  };
  const timer = setInterval(paint, frameMs);
  timer.unref();
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    clearInterval(timer);
    paint();
    update.done();
  };
  return {
    emit(event: RunEvent) {
      state = applyEntry(state, { seq: seq++, atMs: clock.now(), event });
      if (event.type === 'run.ended') close();
    },
    close,
  };
}
