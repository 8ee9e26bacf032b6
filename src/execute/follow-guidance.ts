// Does what the manager decided for an agent that could not go on.
import type { SessionEnd } from '../agent/agent-session.ts';
import type { Role } from '../types.ts';
import { describeChanges, type TaskAgent } from './task-agent.ts';
import { readChanges, type Guidance, type Work } from './work.ts';

/**
 * Lets the agent go on as the manager says: in its own conversation, which keeps what it knows and its cache, or in a
 * fresh one where another model takes over.
 * @param rule what had stopped the agent
 */
export async function followGuidance(
  work: Work,
  agent: TaskAgent,
  { action, text, paths, acceptance }: Guidance,
  rule: string,
): Promise<SessionEnd> {
  const told = `The manager looked at this and says:\n${text}`;
  const role = agent.role();
  const { model } = work.deps.manager;
  const fresh = async (next: Role) => agent.handOver(next, await handover(work, text));
  if (action === 'stronger_model' && model !== role.model) return fresh({ ...role, model, effort: 'high' });
  // A conversation that fills the window, or that the model will not go on with, is not helped by one more line.
  if (rule === 'context' || rule === 'refusal') return fresh(role);
  switch (action) {
    case 'stronger_model':
    case 'raise_effort':
      return agent.proceed(told, 'high');
    case 'reassign_paths':
      return agent.proceed(`${told}\n\n${widen(work, paths)}`);
    case 'change_acceptance':
      return agent.proceed(`${told}\n\n${replaceAcceptance(work, acceptance)}`);
    case 'split':
      return agent.proceed(`${told}\n\n${NO_SPLIT}`);
    default:
      return agent.proceed(told);
  }
}

const NO_SPLIT =
  'Nobody else takes over a part of this task. Do that part whole and tested; if in the end all of the task is done, finish as done, else finish as blocked and say which parts are missing.';

/** Gives the task what is free of the paths, and says so. */
function widen(work: Work, paths: readonly string[]): string {
  const granted = work.deps.grantPaths(work.task.id, paths);
  const refused = paths.filter((path) => !granted.includes(path));
  work.task = { ...work.task, owns: [...new Set([...work.task.owns, ...granted])] };
  const opened = granted.length === 0 ? '' : `You may change these paths now, too: ${granted.join(', ')}.`;
  const closed = refused.length === 0 ? '' : `These stay closed, as they belong to others: ${refused.join(', ')}.`;
  return `${opened}\n${closed}`.trim();
}

/** Puts commands in the place of those that fail whatever an agent does, and says which count now. */
function replaceAcceptance(work: Work, given: readonly string[]): string {
  const kept = work.task.acceptance.filter((command) => !work.failsWithout.includes(command));
  work.task = { ...work.task, acceptance: [...new Set([...kept, ...given])] };
  const lines = work.task.acceptance.map((command) => `- \`${command}\``);
  return `The acceptance commands are now these; finish as done when they pass:\n${lines.join('\n')}`;
}

/** What a fresh conversation has to know besides the task; the tree is as the one before left it. */
export async function handover(work: Work, advice: string | null): Promise<string> {
  const changes = describeChanges((await readChanges(work)).changed);
  const failing = work.checks.filter((check) => check.exitCode !== 0).map(({ command }) => `\`${command}\``);
  return [
    '# Work begun before you',
    'An agent before you did not get through. Its changes are in your tree: look at them with `git diff` first, keep what is right, and do not start afresh without need.',
    `Changed so far:\n${changes}`,
    ...(failing.length === 0 ? [] : [`Failed when they were run last: ${failing.join(', ')}`]),
    ...(advice === null ? [] : [`The manager says:\n${advice}`]),
  ].join('\n\n');
}
