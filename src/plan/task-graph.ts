// Questions about the dependency graph of tasks.

interface Node {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** The ids of one cycle, first id repeated at the end; null when there is none. Unknown ids are ignored. */
export function findCycle(nodes: readonly Node[]): string[] | null {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): string[] | null => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    const node = byId.get(id);
    if (node === undefined || done.has(id)) return null;
    for (const next of node.dependsOn) {
      const cycle = visit(next, [...path, id]);
      if (cycle !== null) return cycle;
    }
    done.add(id);
    return null;
  };
  for (const { id } of nodes) {
    const cycle = visit(id, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** All tasks that must be merged before this one. The graph must be acyclic. */
export function ancestorsOf(id: string, nodes: readonly Node[]): ReadonlySet<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  const collect = (current: string): void => {
    for (const next of byId.get(current)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      collect(next);
    }
  };
  collect(id);
  return found;
}

/** Pairs of tasks that may run at the same time: neither waits for the other. */
export function parallelPairs<T extends Node>(nodes: readonly T[]): [T, T][] {
  return nodes.flatMap((a, i) =>
    nodes
      .slice(i + 1)
      .filter((b) => !ancestorsOf(a.id, nodes).has(b.id) && !ancestorsOf(b.id, nodes).has(a.id))
      .map((b): [T, T] => [a, b]),
  );
}

/** Weight of the heaviest chain of dependent tasks. */
export function criticalPath<T extends Node>(nodes: readonly T[], weightOf: (node: T) => number): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = new Map<string, number>();
  const upTo = (node: T): number => {
    const before = known.get(node.id);
    if (before !== undefined) return before;
    const parents = node.dependsOn.flatMap((id) => byId.get(id) ?? []);
    const weight = weightOf(node) + Math.max(0, ...parents.map(upTo));
    known.set(node.id, weight);
    return weight;
  };
  return Math.max(0, ...nodes.map(upTo));
}
