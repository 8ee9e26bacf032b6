// The books of a run's account, and the steps by which money moves in them. ledger.ts makes them one ledger.
import type { LimitReached, Usage } from '../types.ts';
import { amountOf, openBooks, together, type Amount, type Books, type Owner, type Sums } from './books.ts';
import { limitReached, roomBelow, type Ceiling, type Expected, type Kept } from './ceilings.ts';
import { amountOfTry, atLeast, fitCall, type Fitted, type PlannedCall, type Reservation } from './fit-call.ts';
import type { ModelPrice } from './model-table.ts';
import { addUsage } from './usage.ts';

/** `isTasks`: the limit is one of a task, so that other tasks may go on. */
export type Refusal = { readonly ok: false; readonly limit: LimitReached; readonly isTasks: boolean };

export type Reserved =
  | { readonly ok: true; readonly reservation: Reservation }
  /** `mayFitLater`: it is other calls under way that leave no room; what they do not use comes back. */
  | (Refusal & { readonly mayFitLater: boolean });

export interface Account {
  readonly ceilings: readonly Ceiling[];
  readonly priceOf: (model: string) => ModelPrice | null;
  readonly open: Map<Reservation, OpenCall>;
  readonly settled: Books;
  readonly reserved: Books;
  expected: Expected;
  /** Settled usage, that of earlier processes included. */
  total: Usage;
}

interface OpenCall {
  readonly owner: Owner;
  /** Of one try; null for a call that an earlier process paid for. */
  readonly each: Amount | null;
  tries: number;
}

export function openAccount(terms: Pick<Account, 'ceilings' | 'priceOf'>, before: Usage): Account {
  return {
    ...terms,
    open: new Map(),
    settled: openBooks(amountOf(before)),
    reserved: openBooks(),
    expected: expectedOf(new Map()),
    total: before,
  };
}

/** See `Ledger.reserve`. */
export function reserve(account: Account, call: PlannedCall): Reserved {
  const { settled, reserved, open } = account;
  const now = together(settled, reserved);
  const whole = fit(account, call, 'all', now);
  // What is kept for others gives way only when waiting for calls under way could change nothing.
  const fitted = whole.ok || open.size > 0 ? whole : atLeast(call, fit(account, call, pressed(call), now));
  if (fitted.ok) {
    const reservation = { ...fitted.reservation };
    const each = amountOfTry(reservation);
    reserved.add(each, call);
    open.set(reservation, { owner: call, each, tries: 1 });
    return { ok: true, reservation };
  }
  const alone = fit(account, call, pressed(call), settled);
  const { ceiling } = alone.ok ? fitted : alone;
  const limit = limitReached(ceiling, call.agent, settled);
  return { ok: false, limit, isTasks: ceiling.isTasks, mayFitLater: alone.ok };
}

/** See `Ledger.reserveAgain`. */
export function reserveAgain(account: Account, reservation: Reservation): LimitReached | null {
  const { open, settled, reserved, ceilings, expected } = account;
  const entry = entryOf(open, reservation);
  const { owner, each } = entry;
  if (each === null) throw new Error('a call that was paid for is not tried again');
  const context = { kept: pressed(owner), used: together(settled, reserved), expected, wanted: each };
  const full = ceilings.find((one) => roomBelow(one, owner, context) < each[one.unit]);
  if (full !== undefined) return limitReached(full, owner.agent, settled);
  reserved.add(each, owner);
  entry.tries += 1;
  return null;
}

/** See `Ledger.resume`. */
export function resume({ open }: Account, { purpose, agent, ...asked }: Owner & Reservation): Reservation {
  const reservation = { ...asked };
  open.set(reservation, { owner: { purpose, agent }, each: null, tries: 0 });
  return reservation;
}

/** See `Ledger.settle`. */
export function settle(account: Account, reservation: Reservation, usage: Usage): void {
  const { open, settled, reserved } = account;
  const { owner, each, tries } = entryOf(open, reservation);
  open.delete(reservation);
  if (each === null) return settled.claim(amountOf(usage), owner);
  for (let i = 0; i < tries; i++) reserved.subtract(each, owner);
  settled.add(amountOf(usage), owner);
  account.total = addUsage(account.total, usage);
}

/** How often the call has been tried, the first time included. */
export const triesOf = ({ open }: Account, reservation: Reservation): number => entryOf(open, reservation).tries;

export const expectedOf = (byTask: ReadonlyMap<string, number>): Expected => ({
  byTask,
  sum: [...byTask.values()].reduce((sum, nanoUsd) => sum + nanoUsd, 0),
});

function fit({ priceOf, ceilings, expected }: Account, call: PlannedCall, kept: Kept, used: Sums): Fitted {
  return fitCall(call, priceOf(call.model), ceilings, (ceiling, wanted) =>
    roomBelow(ceiling, call, { kept, used, expected, wanted }),
  );
}

/** Without a plan there is nothing to keep money for; later purposes give way to nobody but that. */
const pressed = ({ purpose }: Owner): Kept => (purpose === 'plan' ? 'nothing' : 'slices');

function entryOf(open: Account['open'], reservation: Reservation): OpenCall {
  const entry = open.get(reservation);
  if (entry === undefined) throw new Error('a reservation was settled twice or never made');
  return entry;
}
