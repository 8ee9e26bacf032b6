// One attempt at a chat completion: sent once, read to its end or to its failure. Nothing of a reply leaves before all of
// it came.
import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Rates } from '../money/model-table.ts';
import type { BilledTokens } from '../money/price-usage.ts';
import type { Clock } from '../ports.ts';
import { StreamError } from './anthropic-events.ts';
import type { AttemptFailure, AttemptResult } from './model-attempt.ts';
import { shownAddress } from './network-failure.ts';
import { readChunk } from './openai-chunks.ts';
import { failureOf, isAnswer } from './openai-failure.ts';
import type { Refusal } from './openai-dialect.ts';
import { startChat, type ChatDraft } from './openai-reply.ts';
import { createRunawayWatch } from './runaway-watch.ts';
import { watchStream, type StreamWatch } from './stream-watchdog.ts';

export interface ChatDeps {
  readonly client: OpenAI;
  readonly clock: Clock;
  /** Whether a text only repeats itself; see runaway-watch.ts. */
  readonly isRunaway: ((text: string) => boolean) | null;
}

export interface ChatAttempt {
  readonly body: ChatCompletionCreateParamsStreaming;
  readonly maxTokens: number;
  /** Most input tokens the body can have. */
  readonly inputUpperTokens: number;
  readonly rates: Rates;
  /** Its reason is an AttemptCut. */
  readonly signal: AbortSignal;
  /** Called once the reply has begun. */
  readonly onBegun: () => void;
}

export type ChatResult = AttemptResult & {
  /** What the server says against the request; null when it says nothing against it. */
  readonly refusal: Refusal | null;
  /** A reply whose usage was not reported: it counts at its upper bound. */
  readonly isEstimated: boolean;
};

/** Sends a request once. Throws only for a bug of ours, never for what the service or the network does. */
export async function attemptChat(deps: ChatDeps, input: ChatAttempt): Promise<ChatResult> {
  if (input.signal.aborted) return notSent(input.signal.reason, deps);
  // Replies before this one make the ids unique in the conversation.
  const draft = startChat(`call_${input.body.messages.length}`);
  const watch = watchStream(deps.clock, input.signal);
  try {
    await readChat(deps, input, draft, watch);
  } catch (error) {
    // All but perhaps the usage had come: a connection that breaks while it closes takes nothing back.
    if (!draft.isComplete()) return failed(watch.signal.aborted ? watch.signal.reason : error, draft, input, deps);
  } finally {
    watch.end();
  }
  return {
    kind: 'reply',
    content: draft.content(),
    stopReason: draft.stopReason(),
    tokens: tokensOf(draft, input),
    ...(draft.usage() === null ? { contextTokens: estimated(input.body, draft) } : {}),
    refusal: null,
    isEstimated: draft.usage() === null,
  };
}

async function readChat(
  { client, isRunaway }: ChatDeps,
  { body, onBegun }: ChatAttempt,
  draft: ChatDraft,
  watch: StreamWatch,
): Promise<void> {
  const stream: AsyncIterable<unknown> = await client.chat.completions.create(body, { signal: watch.signal });
  const repeats = createRunawayWatch(isRunaway);
  for await (const value of stream) {
    const chunk = readChunk(value);
    if (chunk === null) throw new StreamError(null, 'a chunk of the stream makes no sense');
    if (!draft.hasBegun()) onBegun();
    draft.add(chunk);
    const isThought = chunk.text === '';
    if (repeats(isThought ? 0 : 1, isThought ? chunk.thinking : chunk.text))
      throw watch.cut('runaway', 'the reply repeated itself without end');
    if (draft.isComplete() && draft.usage() !== null) watch.closing();
    else watch.touch();
  }
  // The SDK ends a stream that is aborted as if it had come to its end.
  if (watch.signal.aborted) throw watch.signal.reason;
  if (!draft.isComplete()) throw new StreamError(null, 'the stream ended before the reply did');
}

const failureHere = (error: unknown, { client, clock }: ChatDeps): AttemptFailure =>
  failureOf(error, { nowMs: clock.now(), address: shownAddress(client.baseURL) });

const notSent = (error: unknown, deps: ChatDeps): ChatResult => ({
  kind: 'failed',
  failure: failureHere(error, deps),
  lost: null,
  refusal: null,
  isEstimated: false,
});

function failed(error: unknown, draft: ChatDraft, input: ChatAttempt, deps: ChatDeps): ChatResult {
  const failure = failureHere(error, deps);
  const costs = failure.cost === 'assumed' || (failure.cost === 'if-begun' && draft.hasBegun());
  const refusal = isAnswer(error) ? { param: error.param ?? null, message: error.message } : null;
  const lost = costs ? { ...boundedInput(input), outputTokens: input.maxTokens } : null;
  return { kind: 'failed', failure, lost, refusal, isEstimated: false };
}

/** As reported; else the most that it can have been: all of the reserved input, one token for each byte that came. */
function tokensOf(draft: ChatDraft, input: ChatAttempt): BilledTokens {
  const usage = draft.usage();
  if (usage === null)
    return { ...boundedInput(input), outputTokens: Math.min(input.maxTokens, draft.bytes() + ADDED_BY_SERVER_TOKENS) };
  return {
    inputTokens: usage.prompt - usage.cached - usage.written,
    cacheReadTokens: usage.cached,
    cacheWrite5mTokens: usage.written,
    cacheWrite1hTokens: 0,
    outputTokens: usage.output,
  };
}

/** A token is three to four bytes of code and prose. The upper bound would have a conversation end at a quarter of its room. */
const BYTES_PER_TOKEN = 3;

const estimated = (body: unknown, draft: ChatDraft): number =>
  Math.ceil((Buffer.byteLength(JSON.stringify(body)) + draft.bytes()) / BYTES_PER_TOKEN);

/** Marks of role and end that a template adds to a reply; a handful, taken generously. */
const ADDED_BY_SERVER_TOKENS = 64;

/** All input at its dearest rate. */
function boundedInput({ inputUpperTokens, rates }: ChatAttempt): BilledTokens {
  const isWriteDearer = rates.cacheWrite5m > rates.input;
  return {
    inputTokens: isWriteDearer ? 0 : inputUpperTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: isWriteDearer ? inputUpperTokens : 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
  };
}
