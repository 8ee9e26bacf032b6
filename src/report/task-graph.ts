// The graph of tasks as SVG: boxes that link to their tasks, arrows from what each depends on.
import type { RunState, TaskState } from '../journal/run-state.ts';
import { box, layoutGraph } from './graph-layout.ts';
import type { PlacedNode } from './graph-layout.ts';
import { html, taskAnchor } from './html.ts';
import type { Html } from './html.ts';
import { statusTone } from './status.ts';

const contractId = 'contract';
const lineChars = 23;

/** Null before a plan was accepted. The contract, which every task builds on, is a box of its own. */
export function renderTaskGraph(state: RunState): Html | null {
  if (state.tasks.length === 0) return null;
  const first = state.plan?.contract ? [contractId] : [];
  const nodes = state.tasks.map(({ task }) => ({ id: task.id, dependsOn: [...first, ...task.dependsOn] }));
  const layout = layoutGraph([...first.map((id) => ({ id, dependsOn: [] })), ...nodes]);
  const at = new Map(layout.nodes.map((node) => [node.id, node]));
  const edges = layout.edges.map(([from, to]) => renderEdge(at.get(from), at.get(to)));
  const boxes = layout.nodes.map((node) =>
    renderBox(
      node,
      state.tasks.find((task) => task.task.id === node.id),
    ),
  );
  // One unit of room around, for the outlines.
  const view = `-1 -1 ${layout.width + 2} ${layout.height + 2}`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Tasks and what they depend on">
    <svg class="graph" viewBox="${view}" width="${layout.width + 2}" height="${layout.height + 2}">
      ${edges}${boxes}
    </svg>
  </div>`;
}

function renderEdge(from: PlacedNode | undefined, to: PlacedNode | undefined): Html | null {
  if (from === undefined || to === undefined) return null;
  const [x1, y1] = [from.x + box.width / 2, from.y + box.height];
  const [x2, y2] = [to.x + box.width / 2, to.y - 5];
  const middle = (y1 + y2) / 2;
  return html`<path class="edge" d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}"></path>
    <path class="arrow" d="M${x2 - 4} ${y2 - 2}h8l-4 6z"></path>`;
}

function renderBox(node: PlacedNode, task: TaskState | undefined): Html {
  const frame = (tone: string): Html =>
    html`<rect
      class="node ${tone}"
      x="${node.x}"
      y="${node.y}"
      width="${box.width}"
      height="${box.height}"
      rx="8"
    ></rect>`;
  const line = (offset: number, kind: string, words: string): Html =>
    html`<text class="${kind}" x="${node.x + 12}" y="${node.y + offset}">${words}</text>`;
  if (task === undefined) {
    return html`<g
      >${frame('quiet')}${line(24, 'strong', 'Contract')}${line(42, '', 'shared interface,')}${line(57, '', 'committed first')}</g
    >`;
  }
  const [first = '', second = ''] = wrap(task.task.title, lineChars);
  return html`<a href="#${taskAnchor(task.task.id)}" aria-label="${task.task.id} ${task.task.title}: ${task.status}">
    ${frame(statusTone(task.status))}${line(21, 'strong', task.task.id)}
    <text class="state ${statusTone(task.status)}" x="${node.x + box.width - 12}" y="${node.y + 21}" text-anchor="end"
      >${task.status}</text
    >
    ${line(41, '', first)}${line(56, '', second)}
  </a>`;
}

/** Cuts a title into two lines by words, the second with an ellipsis where it does not fit. */
export function wrap(title: string, chars: number): readonly string[] {
  const words = title.split(/\s+/).filter((word) => word !== '');
  let first = '';
  while (words[0] !== undefined && `${first} ${words[0]}`.trim().length <= chars)
    first = `${first} ${words.shift() ?? ''}`.trim();
  const rest = words.join(' ');
  if (first === '') return [cut(rest, chars)];
  return rest === '' ? [first] : [first, cut(rest, chars)];
}

const cut = (text: string, chars: number): string =>
  text.length <= chars ? text : `${text.slice(0, chars - 1).trimEnd()}…`;
