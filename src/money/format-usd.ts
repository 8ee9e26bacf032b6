// Money for people: `$0.0312`, `$1.98`.

const NANO_PER_USD = 1_000_000_000;

/** Nano-dollars of an amount in US dollars; rounded to the nearest. */
export function nanoUsdOf(usd: number): number {
  return Math.round(usd * NANO_PER_USD);
}

/** Two decimals from one dollar up, four below (`$0.0312`), where cents would hide what a call costs. Rounds to nearest. */
export function formatUsd(nanoUsd: number): string {
  const usd = nanoUsd / NANO_PER_USD;
  return usd >= 1 || nanoUsd === 0 ? `$${usd.toFixed(2)}` : `$${usd.toFixed(4)}`;
}
