// Compaction: a conversation that grew too long begins anew from its opening, a summary and what git says.
import type { ContentBlock } from '../messages.ts';
import { priceOf } from '../money/prices.ts';
import { askTurn, endOfFailure } from './ask-turn.ts';
import { sendPending, tell, type Conversation } from './conversation.ts';
import type { SessionEnd } from './session.ts';
import { restartText, SUMMARISE_TEXT } from './summary-texts.ts';

/** Compactions of one task before it counts as too large for one conversation. */
const MAX_COMPACTIONS = 2;

/** The smallest window of current models. */
const SMALLEST_WINDOW_TOKENS = 200_000;
/** Above this an agent reads more than it needs, whatever its window. */
const MOST_TOKENS = 120_000;
const WINDOW_SHARE = 0.6;
/** Of the size from which a model costs more: the next reply and its results must still fit below. */
const CHEAP_SHARE = 0.9;

/** Input tokens at which a conversation is compacted. */
export function compactionThreshold(contextWindowTokens: number, longPromptAboveTokens: number | null): number {
  const cheap = longPromptAboveTokens === null ? MOST_TOKENS : longPromptAboveTokens * CHEAP_SHARE;
  return Math.floor(Math.min(contextWindowTokens * WINDOW_SHARE, MOST_TOKENS, cheap));
}

/** True when the last call's reported usage says that it is time. What the caller gave counts first, then the service. */
export function isFull({ input, deps, contextTokens }: Conversation): boolean {
  const { model } = input.role;
  const listed = priceOf(model);
  const window = input.contextWindowTokens ?? deps.model.contextWindowTokens?.(model) ?? listed?.contextWindowTokens;
  const dearAbove = input.longPromptAboveTokens ?? listed?.longPrompt?.aboveTokens ?? null;
  return contextTokens >= compactionThreshold(window ?? SMALLEST_WINDOW_TOKENS, dearAbove);
}

/**
 * Asks for a summary at the end of the same conversation, which is read from the cache, and begins anew from it.
 * @returns the end where the question could not be asked or the space is used up, else null
 */
export async function compact(talk: Conversation): Promise<SessionEnd | null> {
  if (talk.compactions >= MAX_COMPACTIONS) return OUT_OF_SPACE;
  const waiting = [...talk.pending];
  tell(SUMMARISE_TEXT, talk);
  sendPending(talk);
  const answer = await askTurn(talk);
  if (answer.kind !== 'reply') {
    // The question was never answered: it is taken back, so that the conversation can go on where it was.
    talk.messages.pop();
    talk.pending = waiting;
    return endOfFailure(answer);
  }
  const text = answer.stopReason === 'context_exceeded' ? '' : answer.content.map(wordsOf).join('').trim();
  return startAfresh(text === '' ? null : text, talk, waiting);
}

/**
 * Begins anew: the opening as it was, then the summary (null: the last one there was, if any), what git says, and what
 * the agent was told since its last reply.
 * @returns null, or the end where it has been done too often
 */
export async function startAfresh(
  summary: string | null,
  talk: Conversation,
  waiting: readonly ContentBlock[] = talk.messages.at(-1)?.content ?? [],
): Promise<SessionEnd | null> {
  const isFresh = talk.messages.length <= talk.input.opening.length + 1;
  if (talk.compactions >= MAX_COMPACTIONS || isFresh) return OUT_OF_SPACE;
  talk.compactions += 1;
  talk.summary = summary ?? talk.summary;
  talk.messages = [...talk.input.opening];
  talk.messagesPriced = 0;
  talk.lastTotalTokens = 0;
  talk.contextTokens = 0;
  talk.pending = [];
  talk.input.tree.forget?.();
  tell(restartText(talk.summary, await talk.deps.describeWork(), talk.lastCalls), talk);
  talk.pending.push(...waiting.filter(({ type }) => type === 'text'));
  return null;
}

const OUT_OF_SPACE: SessionEnd = {
  ended: 'stuck',
  rule: 'context',
  why: 'the work outgrew what one conversation can hold',
};

const wordsOf = (block: ContentBlock): string => (block.type === 'text' ? block.text : '');
