// A listed price without what a workspace can add to it: round numbers for tests that are about something else.
import type { ModelPrice } from '../../src/money/model-table.ts';
import { priceOf } from '../../src/money/prices.ts';

/** Null for a model that is not listed. */
export function plainPriceOf(model: string): ModelPrice | null {
  const price = priceOf(model);
  return price === null ? null : { ...price, mayBeUsOnly: false };
}
