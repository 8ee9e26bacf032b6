// What an agent is told about its task, after the message it shares with all others.
import { fence, quoted } from '../agent/fence.ts';
import type { Message } from '../messages.ts';
import type { Check, Plan, Role, Task, TaskResult } from '../types.ts';

export interface TaskPromptInput {
  readonly task: Task;
  readonly role: Role;
  readonly plan: Plan;
  /** Results of the tasks this one depends on; their work is in the tree already. */
  readonly before: readonly TaskResult[];
  readonly baseline: readonly Check[];
  /** Acceptance commands that fail before any change, and of which only new failures count. */
  readonly failsBefore: readonly string[];
  /** Marks what others wrote. */
  readonly nonce: string;
}

/** The agent's part: role, task, paths, acceptance, what others do, and how the checks stand now. */
export function taskMessage(input: TaskPromptInput): Message {
  const { task, role } = input;
  const sections = [
    `# Your part: you are ${role.id}\n${role.instructions}`,
    `## Task ${task.id}: ${task.title}\n${task.instructions}`,
    list('Deliverables', task.deliverables),
    ownsText(task),
    task.acceptance.length === 0
      ? 'No acceptance command is given; show with a command of your own that it works.'
      : list(
          'Done when each of these exits 0 (run by the program, after `finish`)',
          task.acceptance.map((command) => `${code(command)}${input.failsBefore.includes(command) ? onlyNew : ''}`),
        ),
    baselineText(input.baseline),
    list(
      'Decisions that bind you',
      input.plan.decisions.filter(concerns(role.id)).map((d) => `${d.decision} (${d.rationale})`),
    ),
    contractText(input.plan),
    othersText(input),
    notesText(input),
  ];
  return { role: 'user', content: [{ type: 'text', text: sections.filter((text) => text !== '').join('\n\n') }] };
}

const onlyNew = ' (fails before any change; leave it to `finish`, which counts only what is new)';

function ownsText(task: Task): string {
  if (task.owns.includes('**')) return '';
  return list('Paths you may create or change (others are refused)', task.owns.map(code));
}

function baselineText(baseline: readonly Check[]): string {
  if (baseline.length === 0) return '';
  const lines = baseline.map((check) => {
    const verdict = verdictOf(check);
    const names = check.failures
      .slice(0, 10)
      .map((name) => quoted(name, 120))
      .join('; ');
    return `${code(check.command)} ${verdict}${names === '' ? '' : `: ${names}`}`;
  });
  return list('Checks before any change', lines);
}

function verdictOf({ exitCode }: Check): string {
  if (exitCode === 0) return 'passes';
  // What a shell says of a program that is not there, or may not be run.
  if (exitCode === 127 || exitCode === 126) return `cannot be run here (exit code ${exitCode}); it judges nothing`;
  return `fails already (exit code ${exitCode ?? 'none, time limit'})`;
}

function contractText({ contract }: Plan): string {
  if (contract === null) return '';
  const paths = contract.files.map((file) => code(file.path)).join(', ');
  return `## Contract\n${contract.summary}\nIt stands in ${paths}, which nobody may change. If it is wrong, finish as blocked and say how.`;
}

function othersText({ plan, task }: TaskPromptInput): string {
  const others = plan.tasks.filter((other) => other.id !== task.id);
  return list(
    'Other tasks (not yours)',
    others.map((other) => `${other.id} by ${other.role}: ${other.title}`),
  );
}

/** What the agents of earlier tasks say: it helps to know, and binds nobody. */
function notesText({ before, nonce }: TaskPromptInput): string {
  const notes = before.flatMap(noteOf);
  if (notes.length === 0) return '';
  const fenced = fence({ what: 'notes', by: 'the agents of tasks before yours' }, notes.join('\n'), nonce);
  return `## Notes from tasks before yours (claims of their agents)\n${fenced}`;
}

const noteOf = ({ task, claims }: TaskResult): string[] =>
  claims === null || claims.notes.trim() === '' ? [] : [`${task.id}: ${claims.notes}`];

const concerns = (role: string) => (decision: Plan['decisions'][number]) =>
  decision.affectedAgents.length === 0 || decision.affectedAgents.includes(role);

const code = (text: string): string => `\`${text}\``;

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `## ${title}\n${items.map((item) => `- ${item}`).join('\n')}`;
