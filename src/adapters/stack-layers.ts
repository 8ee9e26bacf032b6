// What earlier agents left, put on each other for a tree that goes on from the work of several.
import type { BaseLayer, Layers } from './base-layer.ts';
import { differences } from './git-tree-differences.ts';
import type { TreeIndex } from './git-tree-index.ts';

/** Layers on each other; work that would make it more is written out again instead. */
export const maxLayers = 16;

export interface Stack {
  /** Topmost first. */
  readonly directories: readonly string[];
  /** What a tree on them is to begin as, as a git tree. */
  readonly tree: string;
  /** Paths at which they may show something else than that: every other path is shown as the tree has it. */
  readonly disputed: ReadonlySet<string>;
}

/**
 * Layers of one agent show what that agent saved. Several on each other show the topmost's version of what more than one of them
 * holds, which is no git tree that anybody knows; but where none of them differs from the base, each shows what the base has.
 * Files that git ignores are all there.
 * @param kept what agents left of the history of a commit, newest first
 * @param wanted git tree of that commit
 */
export async function stackLayers(
  base: BaseLayer,
  kept: readonly Layers[],
  wanted: string,
  index: Pick<TreeIndex, 'rows'>,
): Promise<Stack> {
  const chosen = fitting(base, kept);
  const directories = [...chosen].reverse().reduce(put, base.directories);
  const whole = [...chosen, base].find((layers) => layers.directories.length === directories.length);
  if (whole !== undefined) return { directories, tree: whole.tree, disputed: new Set() };
  const trees = [...chosen.map(({ tree }) => tree), wanted];
  const changed = await Promise.all(trees.map((tree) => differences(index, base.tree, tree)));
  return { directories, tree: wanted, disputed: new Set(changed.flatMap((paths) => [...paths.keys()])) };
}

/** Each layer stays above those that it was made on. */
const put = (below: readonly string[], { directories }: Layers): readonly string[] => [
  ...directories.filter((directory) => !below.includes(directory)),
  ...below,
];

/** As many as may lie on each other, the newest above all. */
function fitting(base: BaseLayer, kept: readonly Layers[]): readonly Layers[] {
  let all: readonly string[] = base.directories;
  return kept.filter((layers) => {
    const more = put(all, layers);
    if (more.length > maxLayers) return false;
    all = more;
    return true;
  });
}
