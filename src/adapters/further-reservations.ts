// Money for the tries that follow a lost one: the caller reserved the first only.
import type { Ledger, PlannedCall, Reservation } from '../money/ledger.ts';
import { noUsage } from '../money/usage.ts';
import type { Clock } from '../ports.ts';

export interface FurtherReservations {
  /** Reserves one more try. @returns the name of the limit that forbids it, or null */
  reserve(call: PlannedCall): string | null;
  /**
   * The caller settles the whole usage right after `send`; only then may further reservations go, or for a moment
   * another agent could reserve the same money. A timer comes after all of that.
   */
  releaseLater(): void;
}

/** Those of one call. Without a ledger every try is allowed. */
export function createFurtherReservations({
  ledger,
  clock,
}: {
  readonly ledger?: Pick<Ledger, 'reserve' | 'settle'>;
  readonly clock: Clock;
}): FurtherReservations {
  const reservations: Reservation[] = [];
  return {
    reserve({ model, maxTokens, inputUpperTokens }) {
      const reserved = ledger?.reserve({ model, maxTokens, inputUpperTokens });
      if (reserved === undefined) return null;
      if (!reserved.ok) return reserved.limit.limit;
      reservations.push(reserved.reservation);
      return null;
    },
    releaseLater() {
      if (reservations.length === 0) return;
      void clock.sleep(0).then(() => {
        for (const reservation of reservations) ledger?.settle(reservation, noUsage);
      });
    },
  };
}
