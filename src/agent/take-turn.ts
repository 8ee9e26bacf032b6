// One turn: make room if need be, ask, keep the reply, answer it.
import type { ContentBlock } from '../messages.ts';
import type { ModelReply } from '../ports.ts';
import { answerReply } from './answer-reply.ts';
import { askTurn, endOfFailure } from './ask-turn.ts';
import { compact, isFull, startAfresh } from './compact.ts';
import { sendPending, type Conversation } from './conversation.ts';
import { distinctCalls } from './distinct-calls.ts';
import type { SessionEnd } from './session.ts';

type Reply = Extract<ModelReply, { kind: 'reply' }>;

/** @returns how the conversation ended, or null when it goes on */
export async function takeTurn(talk: Conversation): Promise<SessionEnd | null> {
  const { input, deps } = talk;
  if (deps.signal?.aborted === true) return { ended: 'cancelled' };
  if (talk.turn > input.maxTurns) return { ended: 'turns' };
  if (isFull(talk) && talk.turn < input.maxTurns) return compact(talk);
  sendPending(talk);
  const answer = await askTurn(talk);
  if (answer.kind !== 'reply') return endOfFailure(answer);
  // Neither is kept: a refused or broken-off reply may hold calls that nobody answers.
  if (answer.stopReason === 'refusal') return { ended: 'stuck', rule: 'refusal', why: 'the model refused to go on' };
  if (answer.stopReason === 'context_exceeded') return startAfresh(null, talk);
  return answerReply({ ...answer, content: keepReply(answer, talk) }, talk);
}

/** Appends a reply to the conversation and returns it as appended. */
function keepReply({ content: received, usage, contextTokens }: Reply, talk: Conversation): readonly ContentBlock[] {
  const content = distinctCalls(received);
  const says = content.some(({ type }) => type !== 'opaque');
  // An empty reply is kept as a word of ours: services refuse an assistant message without words or calls.
  const kept = says ? content : [...content, { type: 'text' as const, text: '(no reply)' }];
  talk.messages.push({ role: 'assistant', content: kept });
  talk.lastTotalTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens;
  talk.contextTokens = contextTokens ?? talk.lastTotalTokens;
  talk.messagesPriced = talk.messages.length;
  return kept;
}
