// Plans of one task that code makes: where the manager need not be asked, and where it gave no plan that could be run.
import type { Issue, Limits, Role } from '../types.ts';
import type { PlanReply } from './plan-reply.ts';

export interface SingleTaskInput {
  readonly issue: Issue;
  readonly manager: Role;
  readonly workers: readonly Role[];
  readonly limits: Limits;
  readonly checks: readonly { readonly command: string }[];
}

const TITLE_CHARS = 70;
/** Turns of a task that nobody estimated: more than the usual fix takes, so that the estimate is no promise too low. */
const UNKNOWN_TURNS = 30;

/** One task with the instruction itself, when the manager need not be asked. */
export function instructionReply(input: SingleTaskInput, rationale: string): PlanReply {
  const said = input.issue.instructions.trim();
  return singleTask(input, {
    title: said.length <= TITLE_CHARS ? said : `${said.slice(0, TITLE_CHARS)}...`,
    description: `Do what the instructions of the person who started this run ask for: ${said}\nThe request is the background; the pull request's work is in the files already. Change what the instructions need and nothing else.`,
    decision: { decision: 'One agent follows the instructions; no plan was made.', rationale, affected_agents: [] },
  });
}

/**
 * One task with the request itself, when no usable plan came. Its title is ours: that of an issue is anybody's words, and
 * would stand among what the program says.
 */
export function requestReply(input: SingleTaskInput, faults: readonly string[], repairs: number): PlanReply {
  return singleTask(input, {
    title: 'Do the whole request',
    description: 'Do what the request asks for, with tests where the project has tests.',
    decision: {
      decision: 'One agent does the whole request.',
      rationale: `The manager's plan could not be used after ${repairs} repairs: ${faults.slice(0, 3).join(' ')}`,
      affected_agents: [],
    },
  });
}

function singleTask(
  input: SingleTaskInput,
  { title, description, decision }: { title: string; description: string; decision: PlanReply['decisions'][number] },
): PlanReply {
  return {
    summary: title,
    kind: 'other',
    contract: null,
    decisions: [decision],
    tasks: [
      {
        task_id: 'TASK-001',
        title,
        description,
        assigned_to: input.workers[0]?.id ?? input.manager.id,
        dependencies: [],
        owns: ['**'],
        deliverables: [],
        acceptance: input.checks.map((check) => check.command),
        estimated_turns: Math.min(UNKNOWN_TURNS, input.limits.maxTurnsPerTask),
      },
    ],
  };
}
