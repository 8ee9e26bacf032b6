// Shows what became of every merged task's added lines: nothing is dropped silently.
import { parsePatch } from 'diff';
import type { Git } from '../ports.ts';
import type { Integration } from '../types.ts';

/** One merged task: the commits its own work lies between. */
export interface MergedWork {
  readonly taskId: string;
  readonly base: string;
  readonly commit: string;
  /** Paths that the same task changed again when its merged work was taken up: no line of them is lost, but mended. */
  readonly mended?: readonly string[];
}

/** Lines (blank ones aside) that a task added and the final commit lacks, counted by task and file. */
export async function findLostLines(
  work: readonly MergedWork[],
  final: string,
  git: Git,
): Promise<Integration['lost']> {
  const lost: Integration['lost'][number][] = [];
  for (const { taskId, base, commit, mended = [] } of work) {
    for (const { path, lines } of addedLines(await git.diff(base, commit))) {
      if (mended.includes(path)) continue;
      const content = await git.readFile(final, path);
      const left = new Set((content ?? '').split('\n').map((line) => line.trim()));
      const missing = lines.filter((line) => !left.has(line)).length;
      if (missing > 0) lost.push({ taskId, path, lines: missing });
    }
  }
  return lost;
}

function addedLines(patch: string): { path: string; lines: string[] }[] {
  return parsePatch(patch).flatMap((file) => {
    const path = (file.newFileName ?? '').replace(/^b\//, '');
    if (path === '' || path === '/dev/null') return [];
    const lines = file.hunks.flatMap((hunk) =>
      hunk.lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1).trim()),
    );
    return [{ path, lines: lines.filter((line) => line !== '') }];
  });
}
