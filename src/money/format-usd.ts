// Money for people: `$0.0312`, `$0.80`.

const NANO_PER_USD = 1_000_000_000;
/** Less than this rounds to ten cents with four decimals: `$0.10`, never `$0.1000`. */
const centsFrom = 0.09995;

/** Nano-dollars of an amount in US dollars; rounded to the nearest. */
export function nanoUsdOf(usd: number): number {
  return Math.round(usd * NANO_PER_USD);
}

/** Two decimals from ten cents up, four below (`$0.0312`), where cents would hide what a call costs. Rounds to nearest. */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsd / NANO_PER_USD;
  return usd >= centsFrom || nanoUsd === 0 ? `$${usd.toFixed(2)}` : `$${usd.toFixed(4)}`;
}
