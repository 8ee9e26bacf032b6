// Comparisons whose failures are collected, so that one kill point tells all that went wrong after it.
import { isDeepStrictEqual } from 'node:util';

export interface Faults {
  readonly found: readonly string[];
  same(what: string, is: unknown, wanted: unknown): void;
  within(what: string, is: number, least: number, most: number): void;
}

export function createFaults(): Faults {
  const found: string[] = [];
  return {
    found,
    same: (what, is, wanted) => {
      if (!isDeepStrictEqual(is, wanted)) found.push(`${what}: ${text(is)}, wanted ${text(wanted)}`);
    },
    within: (what, is, least, most) => {
      if (is < least || is > most) found.push(`${what}: ${String(is)}, wanted ${String(least)} to ${String(most)}`);
    },
  };
}

const text = (value: unknown): string => JSON.stringify(value);
