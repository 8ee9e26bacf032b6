// Finds the price of a model on a day: the user's own figures first, then the table.
import { modelTable, PRICES_AS_OF, type ListedPrice, type ModelPrice, type Rates } from './model-table.ts';

/** A price as the configuration gives it: US dollars per million tokens. `cacheWriteUsd` is for five minutes. */
export interface PriceOverride {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cacheReadUsd: number;
  readonly cacheWriteUsd: number;
}

export type PriceOverrides = Readonly<Record<string, PriceOverride>>;

/**
 * What a model's tokens cost and what it can take. A dated id (`claude-haiku-4-5-20251001`, `gpt-5.1-2025-11-13`) has the price of its alias.
 * A model known only by an override gets no optional feature, a 200,000-token window and 32,000 tokens of output:
 * those are the smallest of current models, and asking for less never fails.
 * @param day as `dayOf` gives it; the day the table was last compared with its sources unless said
 * @returns null for a model without a price that day: its cost could not be limited, so it must not be called
 */
export function priceOf(model: string, overrides: PriceOverrides = {}, day: string = PRICES_AS_OF): ModelPrice | null {
  const listed = modelTable.find((price) => price.model === aliasOf(model) && isValid(price, day));
  const own = Object.hasOwn(overrides, model) ? overrides[model] : undefined;
  if (own === undefined) return listed ?? null;
  // Who gives a price of their own gives the one that they pay.
  return { ...(listed ?? unlisted(model)), rates: ratesOf(own), longPrompt: null, mayBeUsOnly: false };
}

/** Price of a model, or null where it has none. */
export type PriceList = (model: string) => ModelPrice | null;

/** The prices of the day on which a run began: it goes by them to its end, also when it is gone on with later. */
export const pricesOn =
  (atMs: number, overrides: PriceOverrides): PriceList =>
  (model) =>
    priceOf(model, overrides, dayOf(atMs));

/** The day of a time (ms since the epoch) in UTC: `2026-10-07`. Such texts sort as their days do. */
export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const isValid = ({ validFrom, validUntil }: ListedPrice, day: string): boolean =>
  (validFrom === null || validFrom <= day) && (validUntil === null || day < validUntil);

const aliasOf = (model: string): string => model.replace(/-20(\d{6}|\d\d-\d\d-\d\d)$/, '');

function unlisted(model: string): Omit<ModelPrice, 'rates' | 'longPrompt' | 'mayBeUsOnly'> {
  return {
    model,
    contextWindowTokens: 200_000,
    maxOutputTokens: 32_000,
    supportsEffort: false,
    supportsOutputSchema: false,
  };
}

/** Rounded up to whole nano-dollars a token, so that a limit is never passed by rounding. */
function ratesOf(own: PriceOverride): Rates {
  const nano = (usdPerMillion: number): number => Math.ceil(Number((usdPerMillion * 1000).toFixed(6)));
  return {
    input: nano(own.inputUsd),
    output: nano(own.outputUsd),
    cacheWrite5m: nano(own.cacheWriteUsd),
    // One hour costs 2 where five minutes cost 1.25, for every model of the table.
    cacheWrite1h: nano(own.cacheWriteUsd * 1.6),
    cacheRead: nano(own.cacheReadUsd),
  };
}
