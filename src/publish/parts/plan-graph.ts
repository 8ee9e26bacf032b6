// The plan as a Mermaid graph. Labels are foreign text, so they keep only characters that Mermaid reads as text.
import type { RunState, TaskState } from '../../journal/run-state.ts';
import { fence } from '../foreign-block.ts';
import { oneLine } from '../foreign.ts';
import { statusWords } from './task-words.ts';

const maxTitleLength = 60;

/** Fill, border and text: readable on GitHub's light and dark pages alike. */
const colours: Readonly<Record<TaskState['status'], string>> = {
  waiting: 'fill:#eaeef2,stroke:#8c959f,color:#1f2328',
  running: 'fill:#ddf4ff,stroke:#0969da,color:#1f2328',
  merging: 'fill:#ddf4ff,stroke:#0969da,color:#1f2328',
  completed: 'fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  failed: 'fill:#ffebe9,stroke:#cf222e,color:#1f2328',
  skipped: 'fill:#eaeef2,stroke:#8c959f,color:#59636e',
  partial: 'fill:#fff8c5,stroke:#9a6700,color:#1f2328',
};

/** A fenced `mermaid` block: one node a task with mark, title and agent, one arrow a dependency. Empty without a plan. */
export function planGraph(state: RunState): string {
  if (state.plan === null || state.tasks.length === 0) return '';
  const ids = new Map(state.tasks.map((t, index) => [t.task.id, `t${index + 1}`]));
  const isOver = state.outcome !== null;
  const nodes = state.tasks.map((t) => `  ${ids.get(t.task.id)}["${label(t, isOver)}"]:::${look(t, isOver)}`);
  const arrows = state.tasks.flatMap((t) => arrowsTo(t, ids, state.plan?.contract !== null));
  const used = [...new Set(state.tasks.map((t) => look(t, isOver)))];
  const styles = used.map((status) => `  classDef ${status} ${colours[status]}`);
  return fence(['flowchart LR', ...contractNode(state), ...nodes, ...arrows, ...styles].join('\n'), 'mermaid');
}

const look = (task: TaskState, isOver: boolean): TaskState['status'] => statusWords(task, isOver).look;

// The title stays on the line of the id: alone at the start of a line, `1. Do it` would be taken for a list.
const label = (state: TaskState, isOver: boolean): string => {
  const { id, title, role } = state.task;
  return `${statusWords(state, isOver).mark} ${plainLabel(id)} · ${plainLabel(title)}<br/>${plainLabel(role)}`;
};

const contractNode = ({ plan }: RunState): readonly string[] =>
  plan?.contract
    ? [
        `  contract["📄 shared contract<br/>files: ${plan.contract.files.length}"]:::contract`,
        `  classDef contract ${colours.waiting}`,
      ]
    : [];

function arrowsTo({ task }: TaskState, ids: ReadonlyMap<string, string>, hasContract: boolean): readonly string[] {
  const own = ids.get(task.id) ?? '';
  const from = task.dependsOn.map((id) => ids.get(id)).filter((id) => id !== undefined);
  if (from.length === 0 && hasContract) return [`  contract --> ${own}`];
  return from.map((id) => `  ${id} --> ${own}`);
}

const lookAlikes: Readonly<Record<string, string>> = {
  '"': '”',
  '`': '’',
  '<': '‹',
  '>': '›',
  '#': '＃',
  '%': '％',
  '&': '＆',
  '\\': '⧵',
  '*': '∗',
  '~': '∼',
  '|': '¦',
  $: '＄',
  '{': '(',
  '}': ')',
  '[': '(',
  ']': ')',
  ';': ',',
  '@': '＠',
};

/** Text inside a quoted Mermaid label: what Mermaid, its Markdown or its directives would act on becomes a look-alike. */
const plainLabel = (text: string): string =>
  oneLine(text, maxTitleLength)
    .replace(
      /[^\p{L}\p{N}\p{M}\p{Extended_Pictographic}\u200d\ufe0f .,:!?'()/+=_–—·…-]/gu,
      (sign) => lookAlikes[sign] ?? ' ',
    )
    .replaceAll('://', ':/ /');
