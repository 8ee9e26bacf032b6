// Places tasks by their dependencies: layers from top to bottom, each task below all it depends on.

export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export interface PlacedNode {
  readonly id: string;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  /** Pairs of ids, from what is depended on; those that follow from others are left out. */
  readonly edges: readonly (readonly [string, string])[];
}

/** Size of a box and the gaps between boxes, in pixels: two boxes side by side fit a phone. */
export const box = { width: 166, height: 68, gapX: 12, gapY: 36 } as const;

/** Dependencies on unknown ids are ignored; a cycle (which no accepted plan has) ends in a deep layer, not in a loop. */
export function layoutGraph(nodes: readonly GraphNode[]): GraphLayout {
  const layers = layersOf(nodes);
  const widest = Math.max(...layers.map((layer) => layer.length));
  const width = rowWidth(widest);
  const placed = layers.flatMap((layer, depth) =>
    layer.map((node, index) => ({
      id: node.id,
      x: (width - rowWidth(layer.length)) / 2 + index * (box.width + box.gapX),
      y: depth * (box.height + box.gapY),
    })),
  );
  return { width, height: layers.length * (box.height + box.gapY) - box.gapY, nodes: placed, edges: edgesOf(nodes) };
}

const rowWidth = (count: number): number => count * (box.width + box.gapX) - box.gapX;

/** A node's layer is the length of the longest way to it; inside a layer, nodes stand near what they depend on. */
function layersOf(nodes: readonly GraphNode[]): readonly (readonly GraphNode[])[] {
  const depths = new Map(nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    for (const node of nodes) {
      const above = node.dependsOn.flatMap((id) => depths.get(id) ?? []);
      depths.set(node.id, Math.min(nodes.length - 1, Math.max(-1, ...above) + 1));
    }
  }
  const order = new Map<string, number>();
  const used = [...new Set(depths.values())].sort((a, b) => a - b);
  return used.map((depth) => {
    const layer = nodes.filter((node) => depths.get(node.id) === depth);
    const near = layer.toSorted((a, b) => centreOf(a, order) - centreOf(b, order));
    for (const [index, node] of near.entries()) order.set(node.id, index - (near.length - 1) / 2);
    return near;
  });
}

function centreOf(node: GraphNode, order: ReadonlyMap<string, number>): number {
  const above = node.dependsOn.flatMap((id) => order.get(id) ?? []);
  return above.length === 0 ? 0 : above.reduce((sum, place) => sum + place, 0) / above.length;
}

function edgesOf(nodes: readonly GraphNode[]): readonly (readonly [string, string])[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return nodes.flatMap((node) => {
    const known = node.dependsOn.filter((id) => byId.has(id) && id !== node.id);
    const implied = known.flatMap((id) => [...ancestors(id, byId)]);
    return known.filter((id) => !implied.includes(id)).map((id) => [id, node.id] as const);
  });
}

function ancestors(id: string, byId: ReadonlyMap<string, GraphNode>, seen = new Set<string>()): ReadonlySet<string> {
  for (const parent of byId.get(id)?.dependsOn ?? []) {
    if (seen.has(parent)) continue;
    seen.add(parent);
    ancestors(parent, byId, seen);
  }
  return seen;
}
