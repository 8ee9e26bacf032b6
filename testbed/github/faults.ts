// Faults on order: the next requests that match are answered as a script says.
import type { Fault } from './types.ts';

export interface Faults {
  add(fault: Fault): void;
  /** The fault that strikes this request, which then counts as used; null when none does. `path` has its query. */
  strike(method: string, path: string): Fault | null;
}

/** An empty list of faults; the one added first strikes first. */
export function createFaults(): Faults {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => waiting.push({ fault, left: fault.times ?? 1 }),
    strike(method, path) {
      const hit = waiting.find(({ fault, left }) => left > 0 && matches(fault, method, path));
      if (hit === undefined) return null;
      hit.left -= 1;
      return hit.fault;
    },
  };
}

function matches(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  return typeof fault.path === 'string' ? path.split('?')[0] === fault.path : fault.path.test(path);
}
