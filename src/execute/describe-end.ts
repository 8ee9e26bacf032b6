// How a conversation ended, as a task's status and one sentence.
import type { SessionEnd } from '../agent/agent-session.ts';
import type { FinishInput } from '../agent/tools/finish.ts';
import { limitSentence } from '../journal/run-facts.ts';
import type { TaskStatus } from '../types.ts';

interface EndWords {
  readonly status: TaskStatus;
  /** Null for finished work. */
  readonly reason: string | null;
  readonly claims: FinishInput | null;
}

/** @param given the manager's reason to stop, which stands for the agent's own; null where it gave none */
export function describeEnd(end: SessionEnd, given: string | null): EndWords {
  const claims = 'claims' in end ? end.claims : null;
  if (end.ended === 'finished') return { status: 'completed', reason: null, claims };
  // Work that its acceptance refuses has failed; all else was only not finished.
  const status = end.ended === 'refused-work' && given === null ? 'failed' : 'partial';
  return { status, reason: given ?? reasonOf(end), claims };
}

function reasonOf(end: Exclude<SessionEnd, { ended: 'finished' }>): string {
  switch (end.ended) {
    case 'blocked':
      return `The agent is blocked: ${end.claims.question ?? end.claims.summary}`;
    case 'refused-work':
      return `It was handed back too often. Last: ${end.why.split('\n', 1)[0] ?? ''}`;
    case 'limit':
      return limitSentence(end.limit);
    case 'turns':
      return 'The turn limit of the task (coordination.max_iterations) is reached.';
    case 'stuck':
      return `The agent was stuck: ${end.why}.`;
    case 'model-failed':
      return `The model did not answer: ${end.reply.message}`;
    case 'cancelled':
      return 'The run was stopped.';
  }
}
