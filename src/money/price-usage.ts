// Tokens to money, in whole nano-dollars. Products of whole numbers only, so every sum is exact.
import type { Usage } from '../types.ts';
import type { ModelPrice, Rates } from './model-table.ts';

/** Tokens of one reply as the service bills them; the parts of the input do not overlap. */
export interface BilledTokens {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
  /** It ran in the US alone, which costs a tenth more: nothing that we ask for, but a workspace can be set to it. */
  readonly isUsOnly?: boolean;
}

/** A call that has not been made yet: most tokens it can read and write. */
export interface CallBounds {
  readonly inputUpperTokens: number;
  readonly maxTokens: number;
}

/** Terms of a request that change its whole price. We do not ask for them, and what we do not ask for is not charged. */
export interface Terms {
  /** Sent as part of a batch: half price. An agent's turns come one after the other, so nothing of a run can be. */
  readonly isBatch?: boolean;
}

/**
 * Cost of one reply in nano-dollars. Rules of https://platform.claude.com/docs/en/about-claude/pricing: parts of the input
 * have prices of their own, a long prompt makes all of the request dear, terms multiply the sum (rounded up).
 * @throws RangeError when the sum is not a safe integer (9 million dollars: never real)
 */
export function priceTokens(price: ModelPrice, tokens: BilledTokens, { isBatch }: Terms = {}): number {
  const rates = ratesFor(price, totalInput(tokens));
  const sum =
    tokens.inputTokens * rates.input +
    tokens.cacheReadTokens * rates.cacheRead +
    tokens.cacheWrite5mTokens * rates.cacheWrite5m +
    tokens.cacheWrite1hTokens * rates.cacheWrite1h +
    tokens.outputTokens * rates.output;
  const tenths = tokens.isUsOnly === true ? tenthsInUs(price) : 10;
  return multiplied(sum, tenths, isBatch === true ? 20 : 10);
}

/** One request's usage with its cost. */
export function usageOf(price: ModelPrice, tokens: BilledTokens): Usage {
  return {
    requests: 1,
    inputTokens: tokens.inputTokens,
    outputTokens: tokens.outputTokens,
    cacheReadTokens: tokens.cacheReadTokens,
    cacheWriteTokens: tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens,
    costNanoUsd: priceTokens(price, tokens),
  };
}

/**
 * The most that a call can cost, in nano-dollars: all input written to the cache for five minutes (the dearest input we
 * ask for), the whole output used, and all of it in the US alone where the model can be kept there.
 */
export function worstCaseNanoUsd(price: ModelPrice, { inputUpperTokens, maxTokens }: CallBounds): number {
  const sum = dearestInputNanoUsd(price, inputUpperTokens) + maxTokens * ratesFor(price, inputUpperTokens).output;
  return multiplied(sum, tenthsInUs(price), 10);
}

/** Most output tokens with which a call costs no more than an amount at worst; negative when its input alone does. */
export function mostOutputTokens(
  price: ModelPrice,
  { inputUpperTokens, nanoUsd }: { readonly inputUpperTokens: number; readonly nanoUsd: number },
): number {
  const { output } = ratesFor(price, inputUpperTokens);
  // What is rounded up to no more than the amount was no more than it before.
  const left = Math.floor((nanoUsd * 10) / tenthsInUs(price)) - dearestInputNanoUsd(price, inputUpperTokens);
  if (left < 0) return -1;
  return output === 0 ? Number.POSITIVE_INFINITY : Math.floor(left / output);
}

const tenthsInUs = ({ mayBeUsOnly }: ModelPrice): number => (mayBeUsOnly ? 11 : 10);

/** Rounded up. */
const multiplied = (sum: number, times: number, per: number): number =>
  times === per ? exact(sum) : Math.ceil(exact(exact(sum) * times) / per);

/** Input counts as written to the cache for five minutes: we never ask for an hour, which costs more. */
function dearestInputNanoUsd(price: ModelPrice, inputUpperTokens: number): number {
  const rates = ratesFor(price, inputUpperTokens);
  return exact(inputUpperTokens * Math.max(rates.input, rates.cacheWrite5m));
}

function ratesFor({ rates, longPrompt }: ModelPrice, inputTokens: number): Rates {
  return longPrompt !== null && inputTokens > longPrompt.aboveTokens ? longPrompt.rates : rates;
}

function totalInput(tokens: BilledTokens): number {
  return tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
}

function exact(nanoUsd: number): number {
  if (!Number.isSafeInteger(nanoUsd)) throw new RangeError(`not a whole number of nano-dollars: ${nanoUsd}`);
  return nanoUsd;
}
