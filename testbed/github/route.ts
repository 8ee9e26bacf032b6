// Finds the operation that a method and a path mean, and the values in the path.
import type { Operation } from './calls.ts';

export interface Route {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

/** Values that may hold slashes. */
const DEEP = ['ref', 'branch', 'path'];

/** A function from method and path (without query) to the route, or null. Literal paths win over placeholders. */
export function createRouter(operations: readonly Operation[]): (method: string, pathname: string) => Route | null {
  const literalLength = (path: string): number => path.replace(/\{\w+\}/g, '').length;
  const patterns = operations
    .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
    .sort((a, b) => literalLength(b.operation.path) - literalLength(a.operation.path));
  return (method, pathname) => {
    for (const { operation, pattern } of patterns) {
      const match = operation.method === method ? pattern.exec(pathname) : null;
      if (match !== null) return { operation, params: decoded(match.groups ?? {}) };
    }
    return null;
  };
}

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path.replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${DEEP.includes(name) ? '.+' : '[^/]+'})`)}$`,
  );

const decoded = (groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
