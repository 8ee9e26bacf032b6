// Cuts a call's output to what the limits leave room for, or says which one leaves none.
import { RunError } from '../errors.ts';
import type { Amount, Owner } from './books.ts';
import type { Ceiling } from './ceilings.ts';
import type { ModelPrice } from './model-table.ts';
import { mostOutputTokens, worstCaseNanoUsd } from './price-usage.ts';
import { leastOutputTokens } from './slices.ts';

export interface PlannedCall extends Owner {
  readonly model: string;
  /** Most input tokens the call can have (see input-bound.ts). */
  readonly inputUpperTokens: number;
  /** Output tokens it would like; it may be given fewer. */
  readonly maxTokens: number;
}

/** A call that may be made, at its worst case. */
export interface Reservation {
  /** Input and output together. */
  readonly tokens: number;
  readonly nanoUsd: number;
  /** Output tokens that the call may have: as planned, or fewer where a limit is near. */
  readonly maxTokens: number;
}

export type Fitted =
  | { readonly ok: true; readonly reservation: Reservation; readonly again: (maxTokens: number) => Reservation }
  | { readonly ok: false; readonly ceiling: Ceiling };

/**
 * @param roomBelow what a call that wants so much can take under a ceiling, in its unit (see ceilings.ts)
 * @throws RunError `model-unpriced` where the price is null
 */
export function fitCall(
  call: PlannedCall,
  price: ModelPrice | null,
  ceilings: readonly Ceiling[],
  roomBelow: (ceiling: Ceiling, wanted: Amount) => number,
): Fitted {
  if (price === null) throw new RunError('model-unpriced', { model: call.model });
  const least = leastOf(call);
  const again = (output: number): Reservation => reservationOf(call, price, output);
  const wanted = amountOfTry(again(call.maxTokens));
  let maxTokens = call.maxTokens;
  for (const ceiling of ceilings) {
    const most = mostUnder(ceiling, roomBelow(ceiling, wanted), call, price);
    if (most < least) return { ok: false, ceiling };
    maxTokens = Math.min(maxTokens, most);
  }
  return { ok: true, reservation: again(maxTokens), again };
}

/** What one try of a reserved call takes of the limits. */
export const amountOfTry = ({ tokens, nanoUsd }: Reservation): Amount => ({ calls: 1, tokens, nanoUsd });

/** The same call with no more output than it needs: what it gets where it takes what is kept for others. */
export const atLeast = (call: PlannedCall, fitted: Fitted): Fitted =>
  fitted.ok ? { ...fitted, reservation: fitted.again(Math.min(leastOf(call), fitted.reservation.maxTokens)) } : fitted;

const leastOf = ({ purpose, maxTokens }: PlannedCall): number => Math.min(leastOutputTokens[purpose], maxTokens);

function mostUnder({ unit }: Ceiling, room: number, { inputUpperTokens }: PlannedCall, price: ModelPrice): number {
  switch (unit) {
    case 'calls':
      return room >= 1 ? Number.POSITIVE_INFINITY : -1;
    case 'tokens':
      return room - inputUpperTokens;
    case 'nanoUsd':
      return mostOutputTokens(price, { inputUpperTokens, nanoUsd: room });
  }
}

const reservationOf = (call: PlannedCall, price: ModelPrice, maxTokens: number): Reservation => ({
  tokens: call.inputUpperTokens + maxTokens,
  nanoUsd: worstCaseNanoUsd(price, { inputUpperTokens: call.inputUpperTokens, maxTokens }),
  maxTokens,
});
