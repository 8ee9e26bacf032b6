// How a conversation ended, as a task's status and one sentence.
import type { SessionEnd } from '../agent/agent-session.ts';
import type { FinishInput } from '../agent/tools/finish.ts';
import { formatCounted } from '../journal/format.ts';
import { limitSentence } from '../journal/run-facts.ts';
import type { LimitReached, TaskStatus } from '../types.ts';

interface EndWords {
  readonly status: TaskStatus;
  /** Null for finished work. */
  readonly reason: string | null;
  readonly claims: FinishInput | null;
}

/**
 * @param given the manager's reason to stop, which stands for the agent's own; null where it gave none
 * @param taken turns of the task, and the most that it may take
 */
export function describeEnd(end: SessionEnd, given: string | null, taken: Turns): EndWords {
  const claims = 'claims' in end ? end.claims : null;
  if (end.ended === 'finished') return { status: 'completed', reason: null, claims };
  // Work that its acceptance refuses has failed; all else was only not finished.
  const status = end.ended === 'refused-work' && given === null ? 'failed' : 'partial';
  return { status, reason: given ?? reasonOf(end, taken), claims };
}

interface Turns {
  readonly turns: number;
  readonly maxTurns: number;
}

function reasonOf(end: Exclude<SessionEnd, { ended: 'finished' }>, taken: Turns): string {
  switch (end.ended) {
    case 'blocked':
      return `The agent is blocked: ${end.claims.question ?? end.claims.summary}`;
    case 'refused-work':
      return `It was handed back too often. Last: ${end.why.split('\n', 1)[0] ?? ''}`;
    case 'limit':
      return limitSentence(end.limit);
    case 'turns':
      return limitSentence(turnLimit(taken));
    case 'stuck':
      return `The agent was stuck: ${end.why}.`;
    case 'model-failed':
      return `The model did not answer: ${end.reply.message}`;
    case 'cancelled':
      return 'The run was stopped.';
  }
}

/** After its last turn for work an agent has one more, in which it can only say how far it came. */
function turnLimit({ turns, maxTurns }: Turns): LimitReached {
  const words = formatCounted(maxTurns, 'turn');
  const spent = turns > maxTurns ? `${words}, and one to finish in` : formatCounted(turns, 'turn');
  return { limit: 'coordination.max_iterations', value: words, spent };
}
