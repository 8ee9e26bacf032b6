// The one account of a run. Every call is reserved at its worst case before it is made and settled after it, so what is
// spent can never pass a limit, whatever runs in parallel. One writer, no waiting inside: each method is one step.
import type { LimitReached, Usage } from '../types.ts';
import { expectedOf, openAccount, reserve, reserveAgain, resume, settle, triesOf } from './account.ts';
import type { Refusal, Reserved } from './account.ts';
import { amountOf, type Owner } from './books.ts';
import { ceilingsOf, type MoneyLimits, type SpentToday } from './ceilings.ts';
import type { PlannedCall, Reservation } from './fit-call.ts';
import type { ModelPrice } from './model-table.ts';
import { addUsage, atWorst, noUsage } from './usage.ts';

export type { PlannedCall, Refusal, Reservation, Reserved };

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
  /** Counts what an earlier run spent that this one goes on from: it is known only once the run has begun. */
  carry(usage: Usage): void;
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

const noneToday: SpentToday = { repositoryNanoUsd: 0, personNanoUsd: 0 };

export function createLedger({ limits, priceOf, today = noneToday, before = noUsage }: LedgerInput): Ledger {
  const account = openAccount({ ceilings: ceilingsOf(limits, today), priceOf }, before);
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const go of waiting) go();
    waiting.clear();
  };
  const settleCall = (reservation: Reservation, usage: Usage): void => {
    settle(account, reservation, usage);
    wake();
  };
  return {
    reserve: (call) => reserve(account, call),
    reserveAgain: (reservation) => reserveAgain(account, reservation),
    resume: (asked) => resume(account, asked),
    settle: settleCall,
    settleLost: (reservation) => settleCall(reservation, atWorst(reservation, triesOf(account, reservation))),
    carry(usage) {
      // Nothing gives way to planning, so nothing is kept back because of it.
      account.settled.add(amountOf(usage), { purpose: 'plan', agent: 'earlier run' });
      account.total = addUsage(account.total, usage);
    },
    whenSettled: () => new Promise((go) => waiting.add(go)),
    expect(tasks) {
      const named = tasks.map(({ taskId, expectedNanoUsd }) => [taskId, expectedNanoUsd] as const);
      account.expected = expectedOf(new Map([...account.expected.byTask, ...named]));
    },
    taskEnded(taskId) {
      const byTask = new Map(account.expected.byTask);
      if (!byTask.delete(taskId)) return;
      account.expected = expectedOf(byTask);
      wake();
    },
    spent: () => account.total,
    reservedNanoUsd: () => account.reserved.run.nanoUsd,
  };
}
