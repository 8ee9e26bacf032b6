// One priced question to the model: reserve, send, settle, report. The only place that calls Model.send.
import type { Model, ModelReply, ModelRequest, Reporter } from '../ports.ts';
import type { LimitReached } from '../types.ts';
import type { Ledger, PlannedCall, Reserved } from '../money/ledger.ts';
import { noUsage } from '../money/usage.ts';

export interface AskDeps {
  readonly model: Model;
  readonly ledger: Ledger;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** Who asks, for the journal: `agent` is `manager` or a task id; `turn` counts from 1. */
export interface Asker {
  readonly agent: string;
  readonly role: string;
  readonly turn: number;
}

export type Answer = ModelReply | { readonly kind: 'limit'; readonly limit: LimitReached };

/**
 * Asks once. The worst case is reserved first, so a call that could pass a limit is never made. Where only calls under
 * way leave no room, it waits for what they give back.
 * @param inputUpperTokens upper bound of the request's input (see money/input-bound.ts)
 * @returns the reply, a failure that outlasted the adapter's attempts, or the limit that forbade the call
 */
export async function askModel(
  request: ModelRequest,
  inputUpperTokens: number,
  asker: Asker,
  deps: AskDeps,
): Promise<Answer> {
  const { model, maxTokens } = request;
  const reserved = await reserve({ model, inputUpperTokens, maxTokens }, deps.ledger);
  if (!reserved.ok) {
    deps.reporter.emit({ type: 'limit.reached', limit: reserved.limit });
    return { kind: 'limit', limit: reserved.limit };
  }
  const { nanoUsd: reservedNanoUsd, tokens: reservedTokens } = reserved.reservation;
  deps.reporter.emit({ type: 'model.asked', ...asker, attempt: 1, reservedNanoUsd, reservedTokens, maxTokens });
  const reply = await deps.model.send({ ...request, inputUpperTokens }, deps.signal).catch((error: unknown) => {
    // A bug, which ends the run; agents that wait for this call must end with it.
    deps.ledger.settle(reserved.reservation, noUsage);
    throw error;
  });
  deps.ledger.settle(reserved.reservation, reply.usage);
  if (reply.kind === 'failed') {
    const { reason, message, usage } = reply;
    deps.reporter.emit({ type: 'model.failed', agent: asker.agent, reason, message, usage });
    return reply;
  }
  const { stopReason, content, usage, durationMs } = reply;
  deps.reporter.emit({ type: 'model.replied', ...asker, model, stopReason, content, usage, durationMs });
  return reply;
}

async function reserve(call: PlannedCall, ledger: Ledger): Promise<Reserved> {
  for (;;) {
    const reserved = ledger.reserve(call);
    if (reserved.ok || !reserved.mayFitLater) return reserved;
    await ledger.whenSettled();
  }
}
