// One priced question to the model: reserve, announce, send, settle, report. The only place that calls Model.send.
import type { Model, ModelReply, ModelRequest, Reporter } from '../ports.ts';
import type { LimitReached } from '../types.ts';
import type { Ledger, Reservation } from '../money/ledger.ts';
import type { Asker } from './asker.ts';
import { reserveCall } from './reserve-call.ts';

export interface AskDeps {
  readonly model: Model;
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** What an earlier process of the run reserved for this call, where its reply was kept; null for a call that is new. */
  readonly answeredBefore?: (asker: Asker, request: ModelRequest) => Reservation | null;
  /** Names a request, for the journal; absent where calls are not recorded. */
  readonly hashOf?: (request: ModelRequest) => string;
  /** Takes secrets out of what a model is told; absent where there are none. */
  readonly redact?: (text: string) => string;
  /** Told of each call as it is made: resolves when what its agent did before is safe, so that the reply may be kept. */
  readonly keepWork?: (agent: string) => Promise<void>;
}

export type Answer = ModelReply | { readonly kind: 'limit'; readonly limit: LimitReached };

/**
 * Asks once. The worst case is reserved first, so a call that could pass a limit is never made; near a limit it is asked
 * for less output, or waits for what calls under way give back.
 * @param inputUpperTokens upper bound of the request's input (see money/input-bound.ts)
 * @returns the reply, a failure that outlasted the adapter's attempts, or the limit that forbade the call
 */
export async function askModel(
  request: ModelRequest,
  inputUpperTokens: number,
  asker: Asker,
  deps: AskDeps,
): Promise<Answer> {
  // At once: it is done by another process, beside all that is prepared here.
  const kept = deps.keepWork?.(asker.agent);
  const reserved = await reserveCall(request, inputUpperTokens, asker, deps);
  if (!reserved.ok) {
    // A limit of one task stops that task, and says so in its result; the others go on.
    if (!reserved.isTasks) deps.reporter.emit({ type: 'limit.reached', limit: reserved.limit });
    return { kind: 'limit', limit: reserved.limit };
  }
  const { reservation } = reserved;
  const named = deps.hashOf === undefined ? {} : { requestHash: deps.hashOf(request) };
  const reply = await send(request, reservation, { ...asker, ...named }, deps).catch((error: unknown) => {
    // Most often a bug, which ends the run; agents that wait for this call must end with it. It may have cost money.
    deps.ledger.settleLost(reservation);
    throw error;
  });
  deps.ledger.settle(reservation, reply.usage);
  await kept;
  report(reply, request.model, { ...asker, ...named }, deps);
  return reply;
}

/** Sends what was reserved. A try after a lost one is reserved like the first, so that it cannot pass a limit either. */
async function send(
  request: ModelRequest,
  reservation: Reservation,
  asker: NamedAsker,
  { model, ledger, reporter, signal }: AskDeps,
): Promise<ModelReply> {
  const { maxTokens, tokens } = reservation;
  const named = callOf(asker);
  const announce = (attempt: number): void => {
    const { nanoUsd: reservedNanoUsd, tokens: reservedTokens } = reservation;
    reporter.emit({ type: 'model.asked', ...named, attempt, reservedNanoUsd, reservedTokens, maxTokens });
  };
  let attempt = 1;
  const reserveAgain = (): string | null => {
    const limit = ledger.reserveAgain(reservation);
    if (limit !== null) return limit.limit;
    announce((attempt += 1));
    return null;
  };
  announce(attempt);
  return model.send({ ...request, maxTokens, inputUpperTokens: tokens - maxTokens, reserveAgain }, signal);
}

type NamedAsker = Asker & { readonly requestHash?: string };

/** What names a call in its events. */
const callOf = ({ agent, role, turn, requestHash }: NamedAsker) => ({
  ...{ agent, role, turn },
  ...(requestHash === undefined ? {} : { requestHash }),
});

function report(reply: ModelReply, model: string, asker: NamedAsker, { reporter }: AskDeps): void {
  const { role, ...named } = callOf(asker);
  if (reply.kind === 'failed') {
    const { reason, message, usage } = reply;
    return reporter.emit({ type: 'model.failed', ...named, reason, message, usage });
  }
  const { stopReason, content, usage, durationMs } = reply;
  reporter.emit({ type: 'model.replied', ...named, role, model, stopReason, content, usage, durationMs });
}
