// Finds conflict markers that an agent left behind when it resolved a merge.
import type { Git } from '../ports.ts';
import type { FileChange } from '../types.ts';

const OPENING = /^<{7} /m;
const CLOSING = /^>{7} /m;

/**
 * Changed files that hold both kinds of marker line and held none in the task's own work before the merge.
 * @param parents of the commit to be: a single one means that nothing was merged; the second is the task's own work
 */
export async function findMarkers(
  work: { readonly tree: string; readonly changed: readonly FileChange[] },
  parents: readonly string[],
  git: Pick<Git, 'readFile'>,
): Promise<readonly string[]> {
  const [, own] = parents;
  if (own === undefined) return [];
  const holds = async (treeish: string, path: string): Promise<boolean> => {
    const content = (await git.readFile(treeish, path)) ?? '';
    return OPENING.test(content) && CLOSING.test(content);
  };
  const marked: string[] = [];
  for (const { path } of work.changed) {
    if ((await holds(work.tree, path)) && !(await holds(own, path))) marked.push(path);
  }
  return marked;
}
