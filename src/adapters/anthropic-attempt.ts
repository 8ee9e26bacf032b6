// One attempt at a reply: sent once, read to its end or to its failure. Nothing of a reply leaves before all of it came.
import type Anthropic from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/streaming';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { BilledTokens } from '../money/price-usage.ts';
import type { Clock } from '../ports.ts';
import { failureOf } from './anthropic-failure.ts';
import { StreamError } from './anthropic-events.ts';
import { startReply, type ReplyDraft } from './anthropic-reply.ts';
import type { AttemptFailure, AttemptResult } from './model-attempt.ts';
import { shownAddress } from './network-failure.ts';
import { createRunawayWatch } from './runaway-watch.ts';
import { watchStream, type StreamWatch } from './stream-watchdog.ts';

export interface AttemptDeps {
  readonly client: Anthropic;
  readonly clock: Clock;
  /** Whether a text only repeats itself; see runaway-watch.ts. */
  readonly isRunaway: ((text: string) => boolean) | null;
}

export interface AttemptInput {
  readonly body: MessageCreateParamsStreaming;
  readonly headers: Readonly<Record<string, string>>;
  /** Most input tokens the body can have. */
  readonly inputUpperTokens: number;
  /** Its reason is an AttemptCut. */
  readonly signal: AbortSignal;
  /** Called once the reply has begun. */
  readonly onBegun: () => void;
}

/** Sends a request once. Throws only for a bug of ours, never for what the service or the network does. */
export async function attempt(deps: AttemptDeps, input: AttemptInput): Promise<AttemptResult> {
  const draft = startReply();
  if (input.signal.aborted) return { kind: 'failed', failure: failureHere(input.signal.reason, deps), lost: null };
  const watch = watchStream(deps.clock, input.signal);
  try {
    await readReply(deps, input, draft, watch);
  } catch (error) {
    // Everything had come: a connection that breaks while it closes takes nothing back.
    if (!draft.isComplete()) return failed(watch.signal.aborted ? watch.signal.reason : error, draft, input, deps);
  } finally {
    watch.end();
  }
  const tokens = draft.tokens(0);
  return { kind: 'reply', content: draft.content(), stopReason: draft.stopReason(), tokens };
}

async function readReply(
  { client, isRunaway }: AttemptDeps,
  { body, headers, onBegun }: AttemptInput,
  draft: ReplyDraft,
  watch: StreamWatch,
): Promise<void> {
  const response = await client.messages.create(body, { signal: watch.signal, headers }).asResponse();
  const repeats = createRunawayWatch(isRunaway);
  // Raw events, since the SDK's own iteration hides pings, and they are signs of life.
  for await (const event of Stream.rawEvents(response)) {
    const hadBegun = draft.hasBegun();
    const said = draft.add(event);
    if (said !== null && repeats(said.block, said.words)) throw watch.cut('runaway', RUNAWAY_TEXT);
    if (!hadBegun && draft.hasBegun()) onBegun();
    if (draft.isComplete()) watch.closing();
    else watch.touch();
  }
  if (!draft.isComplete()) throw new StreamError(null, 'the stream ended before the reply did');
}

const RUNAWAY_TEXT = 'the reply repeated itself without end';

const failureHere = (error: unknown, { client, clock }: AttemptDeps): AttemptFailure =>
  failureOf(error, { nowMs: clock.now(), address: shownAddress(client.baseURL) });

function failed(error: unknown, draft: ReplyDraft, input: AttemptInput, deps: AttemptDeps): AttemptResult {
  const failure = failureHere(error, deps);
  const costs = failure.cost === 'assumed' || (failure.cost === 'if-begun' && draft.hasBegun());
  return { kind: 'failed', failure, lost: costs ? worstCase(draft, input) : null };
}

/** Input as reported, else all of the bound, written to the cache in the US; output as reported, else all that was allowed. */
function worstCase(draft: ReplyDraft, { body, inputUpperTokens }: AttemptInput): BilledTokens {
  const tokens = draft.tokens(body.max_tokens);
  return draft.hasBegun() ? tokens : { ...tokens, cacheWrite5mTokens: inputUpperTokens, isUsOnly: true };
}
