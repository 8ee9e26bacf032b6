// Money for one call: whole if there is room, else on a closer count of its input, else with less output, else later.
import type { Ledger, Refusal, Reservation, Reserved } from '../money/ledger.ts';
import type { PlannedCall } from '../money/fit-call.ts';
import { noUsage } from '../money/usage.ts';
import type { Model, ModelRequest } from '../ports.ts';
import type { Asker } from './asker.ts';

/** See `AskDeps` of ask-model.ts. */
interface ReserveDeps {
  readonly model: Model;
  readonly ledger: Ledger;
  readonly answeredBefore?: (asker: Asker, request: ModelRequest) => Reservation | null;
  readonly refusedBefore?: (request: ModelRequest) => Promise<Refusal | null>;
  readonly noteRefusal?: (request: ModelRequest, refusal: Refusal) => void;
}

/**
 * Waits only while calls under way leave no room: what they do not use comes back.
 * @returns the reservation, with the output tokens that the call may have, or the limit that forbids it
 */
export async function reserveCall(
  request: ModelRequest,
  inputUpperTokens: number,
  asker: Asker,
  deps: ReserveDeps,
): Promise<{ readonly ok: true; readonly reservation: Reservation } | Refusal> {
  const { agent, purpose = 'task' } = asker;
  const { model, maxTokens } = request;
  const before = deps.answeredBefore?.(asker, request) ?? null;
  if (before !== null) return { ok: true, reservation: deps.ledger.resume({ ...before, agent, purpose }) };
  const refused = (await deps.refusedBefore?.(request)) ?? null;
  if (refused !== null) return refused;
  let call: PlannedCall = { model, maxTokens, inputUpperTokens, agent, purpose };
  let reserved = deps.ledger.reserve(call);
  if (isShort(reserved, maxTokens)) {
    call = await countedCall(call, request, deps);
    reserved = reservedAnew(reserved, call, deps);
  }
  while (!reserved.ok && reserved.mayFitLater) {
    await deps.ledger.whenSettled();
    reserved = deps.ledger.reserve(call);
  }
  if (!reserved.ok) deps.noteRefusal?.(request, reserved);
  return reserved;
}

const isShort = (reserved: Reserved, maxTokens: number): boolean =>
  !reserved.ok || reserved.reservation.maxTokens < maxTokens;

/** The same call bound by the service's count, which is free and, with its margin, far under one token for each byte. */
async function countedCall(call: PlannedCall, request: ModelRequest, { model }: ReserveDeps): Promise<PlannedCall> {
  const counted = await model.countTokens?.(request);
  return counted === undefined || counted === null || counted >= call.inputUpperTokens
    ? call
    : { ...call, inputUpperTokens: counted };
}

/** In one step with giving back what was reserved meanwhile: nobody else can take it in between. */
function reservedAnew(reserved: Reserved, call: PlannedCall, { ledger }: ReserveDeps): Reserved {
  if (reserved.ok) ledger.settle(reserved.reservation, noUsage);
  return ledger.reserve(call);
}
