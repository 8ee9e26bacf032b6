// Who did what when, read from the journal: one row for each agent and one for the orchestrator.
import type { JournalEntry } from '../events.ts';
import type { RunState } from '../journal/run-state.ts';
import { formatDuration } from '../journal/format.ts';
import { phaseWords } from './status.ts';

/** A stretch of time in milliseconds since the epoch. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TimelineSpan extends Span {
  readonly kind: 'model' | 'tool' | 'setup';
  readonly title: string;
}

export interface TimelineMark {
  readonly atMs: number;
  readonly kind: 'passed' | 'failed' | 'returned' | 'merged' | 'refused';
  readonly title: string;
}

export interface TimelineRow {
  /** `manager`, a task's id, or `orchestrator`. */
  readonly id: string;
  readonly spans: readonly TimelineSpan[];
  readonly marks: readonly TimelineMark[];
  /** From the first to the last thing of the row. */
  readonly whole: Span;
}

const orchestrator = 'orchestrator';

/** Rows in order of their start. Replies and tool calls are spans; checks are marks, at the time they were reported. */
export function timelineRows(entries: readonly JournalEntry[], state: RunState): readonly TimelineRow[] {
  const spans = entries.flatMap(spanOf);
  const marks = entries.flatMap(markOf);
  const ids = [...new Set([...spans, ...marks].map((item) => item.row))];
  const rows = ids.map((id) => {
    const own = { spans: spans.filter((item) => item.row === id), marks: marks.filter((item) => item.row === id) };
    return {
      id,
      ...own,
      whole: wholeOf(
        own.spans,
        own.marks,
        state.tasks.find((task) => task.task.id === id),
      ),
    };
  });
  return rows.toSorted((a, b) => a.whole.fromMs - b.whole.fromMs);
}

function wholeOf(
  spans: readonly Span[],
  marks: readonly TimelineMark[],
  task: { readonly startedAtMs: number | null; readonly endedAtMs: number | null } | undefined,
): Span {
  const times = [
    ...spans.flatMap((span) => [span.fromMs, span.toMs]),
    ...marks.map((mark) => mark.atMs),
    ...[task?.startedAtMs, task?.endedAtMs].filter((time) => time != null),
  ];
  return { fromMs: times.reduce((a, b) => Math.min(a, b)), toMs: times.reduce((a, b) => Math.max(a, b)) };
}

function spanOf({ event, atMs }: JournalEntry): readonly (TimelineSpan & { row: string })[] {
  if (event.type !== 'model.replied' && event.type !== 'tool.ended' && event.type !== 'setup.ended') return [];
  const time = { fromMs: atMs - event.durationMs, toMs: atMs };
  const lasted = formatDuration(event.durationMs);
  switch (event.type) {
    case 'model.replied':
      return [{ ...time, row: event.agent, kind: 'model', title: `turn ${event.turn}: reply, ${lasted}` }];
    case 'tool.ended':
      return [{ ...time, row: event.agent, kind: 'tool', title: `turn ${event.turn}: ${event.tool}, ${lasted}` }];
    case 'setup.ended':
      return [{ ...time, row: orchestrator, kind: 'setup', title: `setup: ${event.command}, ${lasted}` }];
  }
}

function markOf({ event, atMs }: JournalEntry): readonly (TimelineMark & { row: string })[] {
  switch (event.type) {
    case 'check.ended': {
      const passed = event.check.exitCode === 0;
      const row = event.phase === 'task' && event.taskId !== null ? event.taskId : orchestrator;
      const title = `${phaseWords[event.phase]} ${event.check.name}: ${passed ? 'passed' : 'failed'}`;
      return [{ row, atMs, kind: passed ? 'passed' : 'failed', title }];
    }
    case 'task.handed-back':
      return [{ row: event.taskId, atMs, kind: 'returned', title: `handed back: ${event.kind}` }];
    case 'merge.ended': {
      const kind = event.merge.status;
      return [{ row: event.merge.taskId, atMs, kind, title: kind === 'merged' ? 'merged' : 'merge refused' }];
    }
    default:
      return [];
  }
}
