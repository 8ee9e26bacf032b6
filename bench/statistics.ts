// Medians and ratios: single times on a shared machine say little.

/** The middle value; the mean of the two in the middle for an even number. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return Number.NaN;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

/** Rounded for people: two decimals. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
