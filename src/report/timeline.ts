// The timeline: a row for each agent, drawn in percent of the run so that it fits any width.
import { formatCounted, formatDuration } from '../journal/format.ts';
import type { RunState } from '../journal/run-state.ts';
import { html, taskAnchor } from './html.ts';
import type { Html } from './html.ts';
import type { Span, TimelineMark, TimelineRow, TimelineSpan } from './timeline-rows.ts';

const second = 1_000;
const minute = 60 * second;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200].map((s) => s * second);
const maxTicks = 6;
const laneHeight = 28;
/** Share of the run that the shortest call is drawn with, so that it can be seen. */
const minWidth = 0.0015;

/** Where a time stands in the run, from 0 to 1. */
type Place = (atMs: number) => number;

/** Null when nothing has a time. */
export function renderTimeline(rows: readonly TimelineRow[], state: RunState): Html | null {
  if (rows.length === 0) return null;
  const whole: Span = { fromMs: state.startedAtMs, toMs: Math.max(state.lastAtMs, state.startedAtMs + 1) };
  const ticks = ticksOf(whole.toMs - whole.fromMs);
  return html`<div class="timeline">
      <div class="lane axis" aria-hidden="true"><span></span>${renderAxis(ticks, whole)}</div>
      ${rows.map((row) => renderRow(row, state, whole, ticks))}
    </div>
    ${legend}`;
}

/** Offsets from the start of the run, at most six, at round times. */
export function ticksOf(durationMs: number): readonly number[] {
  const step = steps.find((candidate) => durationMs / candidate <= maxTicks) ?? Math.ceil(durationMs / maxTicks);
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, index) => index * step);
}

function renderAxis(ticks: readonly number[], whole: Span): Html {
  const labels = ticks.map((tick) => {
    const share = tick / (whole.toMs - whole.fromMs);
    const anchor = share > 0.92 ? 'end' : share < 0.04 ? 'start' : 'middle';
    return html`<text x="${percent(share)}" y="12" text-anchor="${anchor}">${tickLabel(tick)}</text>`;
  });
  return html`<svg height="18">${labels}</svg>`;
}

const tickLabel = (offsetMs: number): string =>
  offsetMs % minute === 0 ? `${offsetMs / minute} min` : `${offsetMs / second} s`;

function renderRow(row: TimelineRow, state: RunState, whole: Span, ticks: readonly number[]): Html {
  const { name, detail, target } = describeRow(row, state);
  const place: Place = (atMs) => Math.min(1, Math.max(0, (atMs - whole.fromMs) / (whole.toMs - whole.fromMs)));
  const grid = ticks.map((tick) => {
    const x = percent(place(whole.fromMs + tick));
    return html`<line class="grid" x1="${x}" x2="${x}" y1="0" y2="28"></line>`;
  });
  return html`<div class="lane">
    <span class="who"
      >${target === null ? html`<b>${name}</b>` : html`<a href="#${target}">${name}</a>`} <small>${detail}</small></span
    >
    <svg height="28" role="img" aria-label="${name}: ${detail}">
      ${grid}${bar('whole', row.whole, place)} ${row.spans.map((span) => bar(span.kind, span, place))}
      ${row.marks.map((mark) => renderMark(mark, place(mark.atMs)))}
    </svg>
  </div>`;
}

function describeRow(row: TimelineRow, state: RunState): { name: string; detail: string; target: string | null } {
  const turns = row.spans.filter((span) => span.kind === 'model').length;
  const lasted = formatDuration(row.whole.toMs - row.whole.fromMs);
  const task = state.tasks.find((one) => one.task.id === row.id)?.task;
  if (task !== undefined) {
    return {
      name: task.id,
      detail: `${task.role} · ${formatCounted(turns, 'turn')} · ${lasted}`,
      target: taskAnchor(task.id),
    };
  }
  if (turns > 0) return { name: row.id, detail: `${formatCounted(turns, 'turn')} · ${lasted}`, target: row.id };
  return { name: row.id, detail: 'setup and checks', target: null };
}

function bar(
  kind: TimelineSpan['kind'] | 'whole',
  { fromMs, toMs, title }: Span & { title?: string },
  place: Place,
): Html {
  const from = place(fromMs);
  const inset = kind === 'whole' ? 4 : 8;
  const width = Math.max(minWidth, place(toMs) - from);
  const label = title === undefined ? null : html`<title>${title}</title>`;
  return html`<rect
    class="${kind}"
    x="${percent(from)}"
    y="${inset}"
    width="${percent(width)}"
    height="${laneHeight - 2 * inset}"
    rx="2"
    >${label}</rect
  >`;
}

/** Shapes differ as well as colours: a dot passed, a square failed, a ring was handed back, a stroke is a merge. */
function renderMark(mark: TimelineMark, share: number): Html {
  const x = percent(share);
  const title = html`<title>${mark.title}</title>`;
  switch (mark.kind) {
    case 'passed':
      return html`<circle class="passed" cx="${x}" cy="14" r="4">${title}</circle>`;
    case 'failed':
      return html`<rect class="failed" x="${x}" y="10" width="8" height="8" transform="translate(-4 0)"
        >${title}</rect
      >`;
    case 'returned':
      return html`<circle class="returned" cx="${x}" cy="14" r="5">${title}</circle>`;
    default:
      return html`<line class="${mark.kind}" x1="${x}" x2="${x}" y1="1" y2="27">${title}</line>`;
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

const swatch = (shape: Html, words: string): Html =>
  html`<span><svg width="14" height="14" aria-hidden="true">${shape}</svg> ${words}</span>`;

const legend = html`<p class="legend">
  ${swatch(html`<rect class="model" y="2" width="14" height="10" rx="2"></rect>`, 'model reply')}
  ${swatch(html`<rect class="tool" y="2" width="14" height="10" rx="2"></rect>`, 'tool call')}
  ${swatch(html`<rect class="setup" y="2" width="14" height="10" rx="2"></rect>`, 'setup')}
  ${swatch(html`<circle class="passed" cx="7" cy="7" r="4"></circle>`, 'check passed')}
  ${swatch(html`<rect class="failed" x="3" y="3" width="8" height="8"></rect>`, 'check failed')}
  ${swatch(html`<circle class="returned" cx="7" cy="7" r="5"></circle>`, 'handed back')}
  ${swatch(html`<line class="merged" x1="7" x2="7" y1="0" y2="14"></line>`, 'merged')}
  ${swatch(html`<line class="refused" x1="7" x2="7" y1="0" y2="14"></line>`, 'merge refused')}
</p>`;
