// The live list of a run as one frame of text: stages, tasks with what their agents do, and what was spent. Pure.
import cliTruncate from 'cli-truncate';
import type { Stage } from '../events.ts';
import { formatCounted, formatDuration } from '../journal/format.ts';
import { requestTitle } from '../journal/run-facts.ts';
import type { RunState, TaskState } from '../journal/run-state.ts';
import { formatUsd } from '../money/format-usd.ts';

export interface FrameOptions {
  readonly columns: number;
  readonly rows: number;
  readonly nowMs: number;
  /** Counts repaints; it turns the spinner. */
  readonly tick: number;
  readonly color: boolean;
  /** Every text of others passes it. */
  readonly clean: (text: string) => string;
}

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';
const sgr: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};
type Paint = (colour: Colour, text: string) => string;

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

const stageTitles: readonly (readonly [Stage, string])[] = [
  ['prepare', 'Prepare the repository'],
  ['plan', 'Plan'],
  ['execute', 'Build and integrate'],
  ['verify', 'Check the result'],
  ['publish', 'Publish'],
];

/** The frame, lines cut to the width, never taller than the screen less one line. */
export function taskListFrame(state: RunState, options: FrameOptions): string {
  const paint: Paint = options.color
    ? (colour, text) => `\u001b[${sgr[colour][0]}m${text}\u001b[${sgr[colour][1]}m`
    : (_, text) => text;
  const head = [paint('bold', options.clean(requestTitle(state) || 'ai-implement'))];
  const stages = stageTitles.map(([stage, title], index) => stageLine(state, { stage, title, index }, options, paint));
  const foot = [...warningLines(state, options, paint), paint('dim', spentWords(state, options.nowMs))];
  const room = options.rows - 1 - head.length - stages.length - foot.length;
  const tasks = taskLines(state, room, options, paint);
  const at = stageTitles.findIndex(([stage]) => stage === 'execute') + 1;
  const lines = [...head, ...stages.slice(0, at), ...tasks, ...stages.slice(at), ...foot];
  // One column is for a wide character at the cut, which may overshoot by one.
  return lines.map((line) => cliTruncate(line, Math.max(10, options.columns - 2))).join('\n');
}

interface StageRow {
  readonly stage: Stage;
  readonly title: string;
  readonly index: number;
}

function stageLine(state: RunState, { stage, title, index }: StageRow, options: FrameOptions, paint: Paint): string {
  const now = positionOf(state.stage);
  const failed = state.outcome?.kind === 'failed';
  const over = state.outcome !== null && !failed;
  const facts = stageFacts(state, stage, options);
  const words = facts === '' ? title : `${title} ${paint('dim', facts)}`;
  if (index < now || (index === now && over)) return `${paint('green', '✔')} ${words}`;
  if (index > now) return paint('dim', `◌ ${title}`);
  return failed ? `${paint('red', '✖')} ${words}` : `${paint('cyan', spin(options.tick))} ${words}`;
}

/** Index in the list; what precedes it counts as its first, and integration happens while tasks are built. */
function positionOf(stage: Stage | null): number {
  const listed = stage === 'integrate' ? 'execute' : stage;
  return Math.max(
    0,
    stageTitles.findIndex(([name]) => name === listed),
  );
}

const spin = (tick: number): string => spinner[tick % spinner.length] ?? '';

function stageFacts(state: RunState, stage: Stage, { clean }: FrameOptions): string {
  const { base, plan, verification } = state;
  if (stage === 'prepare' && base) return `${clean(base.branch)} at ${base.commit.slice(0, 10)}`;
  if (stage === 'plan' && plan) {
    const cost = `${formatUsd(plan.estimate.expectedNanoUsd)} expected, ${formatUsd(plan.estimate.worstNanoUsd)} at worst`;
    return `${formatCounted(plan.tasks.length, 'task')}, ${cost}`;
  }
  if (stage === 'verify' && verification) {
    return `${verification.fixed.length} fixed, ${verification.introduced.length} introduced, ${verification.preexisting.length} already failing`;
  }
  return '';
}

/** Tasks in the plan's order; where the screen is too low, finished ones give way first, then waiting ones. */
function taskLines(state: RunState, room: number, options: FrameOptions, paint: Paint): readonly string[] {
  const rows = state.tasks.map((task) => ({ task, lines: taskRow(task, state, options, paint) }));
  const height = (kept: typeof rows): number => kept.reduce((sum, { lines }) => sum + lines.length, 0);
  const order: readonly TaskState['status'][] = [
    'completed',
    'skipped',
    'waiting',
    'failed',
    'partial',
    'merging',
    'running',
  ];
  let kept = rows;
  for (const status of order) {
    while (height(kept) + (kept.length < rows.length ? 1 : 0) > room) {
      const first = kept.find(({ task }) => task.status === status);
      if (!first) break;
      kept = kept.filter((row) => row !== first);
    }
  }
  const hidden = rows.length - kept.length;
  const note = hidden === 0 ? [] : [paint('dim', `  … and ${formatCounted(hidden, 'more task')}`)];
  return [...kept.flatMap(({ lines }) => lines), ...note];
}

function taskRow(task: TaskState, state: RunState, options: FrameOptions, paint: Paint): readonly string[] {
  const { clean } = options;
  const facts = task.status === 'waiting' ? waitWords(task, state, clean) : taskFacts(task, options.nowMs);
  const [id, role] = [clean(task.task.id), clean(task.task.role)];
  // The title gives way, not the facts: mark and four spaces stand beside them.
  const room = options.columns - 2 - id.length - role.length - facts.length - 7;
  const title = cliTruncate(clean(task.task.title), Math.max(minTitleColumns, room));
  const row = `  ${taskMark(task, options.tick, paint)} ${id} ${paint('cyan', role)} ${title} ${paint('dim', facts)}`;
  const reason = task.result?.reason;
  if (reason) return [row, paint('yellow', `      ${clean(reason)}`)];
  if (task.status === 'merging') return [row, paint('dim', '      being integrated')];
  return task.activity === null ? [row] : [row, paint('dim', `      ${clean(task.activity)}`)];
}

const minTitleColumns = 8;

function taskFacts(state: TaskState, nowMs: number): string {
  const isOver = state.status !== 'running' && state.status !== 'merging';
  const untilMs = isOver ? (state.endedAtMs ?? nowMs) : nowMs;
  const spentMs = Math.max(0, untilMs - (state.startedAtMs ?? untilMs));
  const back = state.handedBack === 0 ? [] : [`handed back ${state.handedBack}x`];
  const spent = [formatCounted(state.turns, 'turn'), formatUsd(state.usage.costNanoUsd), formatDuration(spentMs)];
  return [...spent, ...back].join(' · ');
}

function waitWords({ task }: TaskState, { tasks }: RunState, clean: (text: string) => string): string {
  const open = task.dependsOn.filter((id) => tasks.some((t) => t.task.id === id && t.status !== 'completed'));
  return open.length === 0 ? 'waiting' : `waits for ${open.map(clean).join(', ')}`;
}

function taskMark({ status }: TaskState, tick: number, paint: Paint): string {
  if (status === 'running' || status === 'merging') return paint('cyan', spin(tick));
  if (status === 'completed') return paint('green', '✔');
  if (status === 'failed') return paint('red', '✖');
  if (status === 'partial') return paint('yellow', '▲');
  return paint('dim', status === 'skipped' ? '↷' : '◌');
}

/** The newest two; all of them are in the summary. */
const warningLines = ({ warnings }: RunState, { clean }: FrameOptions, paint: Paint): readonly string[] =>
  warnings.slice(-2).map((warning) => paint('yellow', `! ${clean(warning)}`));

function spentWords({ usage, startedAtMs }: RunState, nowMs: number): string {
  const spent = `${formatUsd(usage.costNanoUsd)} spent · ${formatCounted(usage.requests, 'call')}`;
  return startedAtMs === 0 ? spent : `${spent} · ${formatDuration(nowMs - startedAtMs)}`;
}
