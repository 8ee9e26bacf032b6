// Asks the model for the next reply of a conversation, and says how a call without a reply ends it.
import { askModel, type Answer } from './ask-model.ts';
import { boundOf, requestOf, type Conversation } from './conversation.ts';
import type { SessionEnd } from './session.ts';

/** Asks; a reply counts as a turn, a call that brought none does not. */
export async function askTurn(talk: Conversation): Promise<Answer> {
  const { input, deps } = talk;
  const asker = { agent: input.agent, role: input.role.id, turn: talk.turn + 1 };
  const answer = await askModel(requestOf(talk), boundOf(talk), asker, deps);
  if (answer.kind === 'reply') talk.turn += 1;
  return answer;
}

/** The end that a call without a reply means. */
export function endOfFailure(answer: Exclude<Answer, { kind: 'reply' }>): SessionEnd {
  if (answer.kind === 'limit') return { ended: 'limit', limit: answer.limit };
  return answer.reason === 'aborted' ? { ended: 'cancelled' } : { ended: 'model-failed', reply: answer };
}
