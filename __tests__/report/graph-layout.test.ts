import { describe, expect, test } from '@jest/globals';
import { box, layoutGraph } from '../../src/report/graph-layout.ts';

const node = (id: string, ...dependsOn: readonly string[]) => ({ id, dependsOn });

describe('layoutGraph', () => {
  test('each task lies below all it depends on, and no boxes overlap', () => {
    const nodes = [node('e', 'd', 'a'), node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')];
    const { nodes: placed, width, height } = layoutGraph(nodes);
    const at = new Map(placed.map((one) => [one.id, one]));
    for (const { id, dependsOn } of nodes)
      for (const above of dependsOn)
        expect(at.get(id)?.y).toBeGreaterThanOrEqual((at.get(above)?.y ?? NaN) + box.height);
    for (const one of placed) {
      expect(one.x >= 0 && one.x + box.width <= width && one.y + box.height <= height).toBe(true);
      for (const other of placed)
        if (one !== other) expect(one.y !== other.y || Math.abs(one.x - other.x) >= box.width).toBe(true);
    }
  });

  test('an arrow that follows from others is left out', () => {
    expect(layoutGraph([node('a'), node('b', 'a'), node('c', 'a', 'b')]).edges).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ]);
  });

  test('neighbours stand under what they depend on, so that arrows do not cross', () => {
    const { nodes } = layoutGraph([node('a'), node('b'), node('under b', 'b'), node('under a', 'a')]);
    const x = (id: string): number => nodes.find((one) => one.id === id)?.x ?? NaN;
    expect(x('under a')).toBeLessThan(x('under b'));
  });

  test('a dependency on nothing known is ignored, and a cycle ends', () => {
    expect(layoutGraph([node('a', 'ghost')]).edges).toEqual([]);
    expect(layoutGraph([node('a', 'b'), node('b', 'a')]).nodes).toHaveLength(2);
  });

  test('two tasks side by side fit a phone', () => {
    expect(layoutGraph([node('a'), node('b')]).width).toBeLessThanOrEqual(358);
  });
});
