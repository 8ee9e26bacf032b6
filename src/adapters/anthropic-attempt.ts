// One attempt at a reply: sent once, read to its end or to its failure. Nothing of a reply leaves before all of it came.
import type Anthropic from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/streaming';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { ContentBlock, StopReason } from '../messages.ts';
import type { BilledTokens } from '../money/price-usage.ts';
import type { Clock } from '../ports.ts';
import { AttemptCut, failureOf, type AttemptFailure } from './anthropic-failure.ts';
import { startReply, StreamError, type ReplyDraft } from './anthropic-reply.ts';

/** Nothing at all, not even a ping, for so long: the stream is dead. The first event may take a model's whole thinking. */
const SILENCE_MS = 90_000;
const FIRST_EVENT_MS = 300_000;
/** The stream should close right after its last event; waiting a little lets the connection be used again. */
const CLOSING_MS = 1_000;

export type AttemptResult =
  | {
      readonly kind: 'reply';
      readonly content: readonly ContentBlock[];
      readonly stopReason: StopReason;
      readonly tokens: BilledTokens;
    }
  /** `lost` is the most that the attempt can have cost; null when it cost nothing. */
  | { readonly kind: 'failed'; readonly failure: AttemptFailure; readonly lost: BilledTokens | null };

export interface AttemptDeps {
  readonly client: Anthropic;
  readonly clock: Clock;
}

export interface AttemptInput {
  readonly body: MessageCreateParamsStreaming;
  /** Most input tokens the body can have. */
  readonly inputUpperTokens: number;
  /** Its reason is an AttemptCut. */
  readonly signal: AbortSignal;
}

/** Sends a request once. Throws only for a bug of ours, never for what the service or the network does. */
export async function attempt(deps: AttemptDeps, input: AttemptInput): Promise<AttemptResult> {
  const draft = startReply();
  if (input.signal.aborted) return { kind: 'failed', failure: failureHere(input.signal.reason, deps), lost: null };
  const silence = new AbortController();
  const signal = AbortSignal.any([input.signal, silence.signal]);
  try {
    await readReply(deps, { body: input.body, signal, silence }, draft);
  } catch (error) {
    // Everything had come: a connection that breaks while it closes takes nothing back.
    if (!draft.isComplete()) return failed(signal.aborted ? signal.reason : error, draft, input, deps);
  }
  const tokens = draft.tokens(0);
  return { kind: 'reply', content: draft.content(), stopReason: draft.stopReason(), tokens };
}

interface Reading {
  readonly body: MessageCreateParamsStreaming;
  readonly signal: AbortSignal;
  readonly silence: AbortController;
}

async function readReply({ client, clock }: AttemptDeps, reading: Reading, draft: ReplyDraft): Promise<void> {
  const cut = (): void => reading.silence.abort(new AttemptCut('silence', 'the stream fell silent'));
  let watch = watchSilence(clock, FIRST_EVENT_MS, cut);
  try {
    const response = await client.messages.create(reading.body, { signal: reading.signal }).asResponse();
    // Raw events, since the SDK's own iteration hides pings, and they are signs of life.
    for await (const event of Stream.rawEvents(response)) {
      const firstLife = !draft.hasBegun();
      draft.add(event);
      if (firstLife || draft.isComplete()) {
        watch.end();
        watch = watchSilence(clock, draft.isComplete() ? CLOSING_MS : SILENCE_MS, cut);
      } else watch.touch();
    }
  } finally {
    watch.end();
  }
  if (!draft.isComplete()) throw new StreamError(null, 'the stream ended before the reply did');
}

const failureHere = (error: unknown, { client, clock }: AttemptDeps): AttemptFailure =>
  // An address may hold a password, which nobody else is told.
  failureOf(error, { nowMs: clock.now(), address: client.baseURL.replace(/\/\/[^/@]*@/, '//') });

function failed(error: unknown, draft: ReplyDraft, input: AttemptInput, deps: AttemptDeps): AttemptResult {
  const failure = failureHere(error, deps);
  const costs = failure.cost === 'assumed' || (failure.cost === 'if-begun' && draft.hasBegun());
  return { kind: 'failed', failure, lost: costs ? worstCase(draft, input) : null };
}

/** Input as reported, else all of the bound written to the cache; output as reported, else all that was allowed. */
function worstCase(draft: ReplyDraft, { body, inputUpperTokens }: AttemptInput): BilledTokens {
  const tokens = draft.tokens(body.max_tokens);
  return draft.hasBegun() ? tokens : { ...tokens, cacheWrite5mTokens: inputUpperTokens };
}

interface Watch {
  /** Life was seen: the time starts again. */
  touch(): void;
  end(): void;
}

function watchSilence(clock: Clock, limitMs: number, onSilence: () => void): Watch {
  const ended = new AbortController();
  let lastLifeAt = clock.now();
  const wait = async (): Promise<void> => {
    for (;;) {
      const leftMs = lastLifeAt + limitMs - clock.now();
      if (leftMs <= 0) return onSilence();
      await clock.sleep(leftMs, ended.signal);
      if (ended.signal.aborted) return;
    }
  };
  // A sleep that is cut short rejects: the watch has ended, and that is all there is to say.
  wait().catch(() => undefined);
  return {
    touch: () => {
      lastLifeAt = clock.now();
    },
    end: () => ended.abort(),
  };
}
