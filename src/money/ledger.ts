// The one account of a run. Every call is reserved at its worst case before it is made and settled after it, so what is
// spent can never pass a limit, whatever runs in parallel. One writer, no waiting inside: each method is one step.
import type { LimitReached, Usage } from '../types.ts';
import { amountOf, openBooks, together, type Amount, type Owner, type Sums } from './books.ts';
import { ceilingsOf, limitReached, roomBelow } from './ceilings.ts';
import type { Kept, MoneyLimits, SpentToday } from './ceilings.ts';
import { atLeast, fitCall, type Fitted, type PlannedCall, type Reservation } from './fit-call.ts';
import type { ModelPrice } from './model-table.ts';
import { addUsage, atWorst, noUsage } from './usage.ts';

/** `isTasks`: the limit is one of a task, so that other tasks may go on. */
export type Refusal = { readonly ok: false; readonly limit: LimitReached; readonly isTasks: boolean };

export type Reserved =
  | { readonly ok: true; readonly reservation: Reservation }
  /** `mayFitLater`: it is other calls under way that leave no room; what they do not use comes back. */
  | (Refusal & { readonly mayFitLater: boolean });

export type { PlannedCall, Reservation };

export interface Ledger {
  /**
   * Sets aside the worst case of one call. Where it does not fit whole, its output is cut, at most to the least of its
   * purpose (see slices.ts); where that does not fit either, the limit is named.
   * @throws RunError `model-unpriced` for a model without a price
   */
  reserve(call: PlannedCall): Reserved;
  /** Sets the same aside once more, for a try after one whose reply was lost. Null when it fits, else the limit. */
  reserveAgain(reservation: Reservation): LimitReached | null;
  /**
   * A call whose reply an earlier process of this run has paid for: its usage is in `before` already, so nothing is set
   * aside, and settling it only says whose usage it was.
   */
  resume(asked: Owner & Reservation): Reservation;
  /** Replaces a reservation by what was used. A call that was never made is settled with `noUsage` of usage.ts. */
  settle(reservation: Reservation, usage: Usage): void;
  /** Settles a call of which nobody can tell what it used: at its worst, for each try. */
  settleLost(reservation: Reservation): void;
  /** Resolves at the next settlement; never when no call is under way. */
  whenSettled(): Promise<void>;
  /** Nano-dollars that the plan expects of tasks: so much is kept for each until it has ended. */
  expect(tasks: readonly { readonly taskId: string; readonly expectedNanoUsd: number }[]): void;
  taskEnded(taskId: string): void;
  /** Settled usage of the run so far, earlier processes included. */
  spent(): Usage;
  /** Worst case of the calls under way, in nano-dollars. */
  reservedNanoUsd(): number;
}

export interface LedgerInput {
  readonly limits: MoneyLimits;
  /** Price of a model, or null (see prices.ts). */
  readonly priceOf: (model: string) => ModelPrice | null;
  /** Of other runs, by whoever started them; none unless said. */
  readonly today?: SpentToday;
  /** What earlier processes of this run spent, calls without an answer at their worst (see usage-of-journal.ts). */
  readonly before?: Usage;
}

interface Open {
  readonly owner: Owner;
  /** Of one try; null for a call that an earlier process paid for. */
  readonly each: Amount | null;
  tries: number;
}

export function createLedger({ limits, priceOf, today = noneToday, before = noUsage }: LedgerInput): Ledger {
  const ceilings = ceilingsOf(limits, today);
  const open = new Map<Reservation, Open>();
  const waiting = new Set<() => void>();
  const expected = new Map<string, number>();
  const settled = openBooks(amountOf(before));
  const reserved = openBooks();
  let total = before;

  const wake = (): void => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const fit = (call: PlannedCall, kept: Kept, used: Sums): Fitted =>
    fitCall(
      call,
      priceOf(call.model),
      ceilings.map((one) => [one, roomBelow(one, call, kept, used, expected)]),
    );

  const settle = (reservation: Reservation, usage: Usage): void => {
    const { owner, each, tries } = entryOf(open, reservation);
    open.delete(reservation);
    if (each === null) settled.claim(amountOf(usage), owner);
    else {
      for (let i = 0; i < tries; i++) reserved.subtract(each, owner);
      settled.add(amountOf(usage), owner);
      total = addUsage(total, usage);
    }
    wake();
  };

  return {
    reserve(call) {
      const now = together(settled, reserved);
      const whole = fit(call, 'all', now);
      // What is kept for others gives way only when waiting for calls under way could change nothing.
      const fitted = whole.ok || open.size > 0 ? whole : atLeast(call, fit(call, pressed(call), now));
      if (fitted.ok) {
        const reservation = { ...fitted.reservation };
        const each = { calls: 1, tokens: reservation.tokens, nanoUsd: reservation.nanoUsd };
        reserved.add(each, call);
        open.set(reservation, { owner: call, each, tries: 1 });
        return { ok: true, reservation };
      }
      const alone = fit(call, pressed(call), settled);
      const { ceiling } = alone.ok ? fitted : alone;
      const limit = limitReached(ceiling, call.agent, settled);
      return { ok: false, limit, isTasks: ceiling.isTasks, mayFitLater: alone.ok };
    },
    reserveAgain(reservation) {
      const entry = entryOf(open, reservation);
      const { owner, each } = entry;
      if (each === null) throw new Error('a call that was paid for is not tried again');
      const used = together(settled, reserved);
      const full = ceilings.find((one) => roomBelow(one, owner, pressed(owner), used, expected) < each[one.unit]);
      if (full !== undefined) return limitReached(full, owner.agent, settled);
      reserved.add(each, owner);
      entry.tries += 1;
      return null;
    },
    resume({ purpose, agent, tokens, nanoUsd, maxTokens }) {
      const reservation = { tokens, nanoUsd, maxTokens };
      open.set(reservation, { owner: { purpose, agent }, each: null, tries: 0 });
      return reservation;
    },
    settle,
    settleLost: (reservation) => settle(reservation, atWorst(reservation, entryOf(open, reservation).tries)),
    whenSettled: () => new Promise((resume) => waiting.add(resume)),
    expect(tasks) {
      for (const { taskId, expectedNanoUsd } of tasks) expected.set(taskId, expectedNanoUsd);
    },
    taskEnded(taskId) {
      if (expected.delete(taskId)) wake();
    },
    spent: () => total,
    reservedNanoUsd: () => reserved.run.nanoUsd,
  };
}

const noneToday: SpentToday = { repositoryNanoUsd: 0, personNanoUsd: 0 };

/** Without a plan there is nothing to keep money for; later purposes give way to nobody but that. */
const pressed = ({ purpose }: Owner): Kept => (purpose === 'plan' ? 'nothing' : 'slices');

function entryOf(open: ReadonlyMap<Reservation, Open>, reservation: Reservation): Open {
  const entry = open.get(reservation);
  if (entry === undefined) throw new Error('a reservation was settled twice or never made');
  return entry;
}
