// The diff policy: what of a change may be published, and what of it a person should look at first (see DiffRule).
import type { Git } from '../ports.ts';
import type { DiffFinding, DiffJudgement } from '../types.ts';
import { commitFindings, maxListed } from './caps.ts';
import type { DiffPolicy } from './diff-policy.ts';
import { judgeChanges, type JudgeChangesDeps } from './judge-changes.ts';

export interface JudgeDiffDeps extends JudgeChangesDeps {
  readonly git: JudgeChangesDeps['git'] & Pick<Git, 'commitsBetween'>;
}

/**
 * Judges all that a push of `head` brings to somebody who has `base`: the difference between the two, and each commit on the
 * way, since a history keeps what a later commit undoes.
 *
 * @param base commit that is published already
 * @throws RunError `repository-incomplete` when objects are missing, `repository-unsafe` for names that are no text
 */
export async function judgeDiff(
  base: string,
  head: string,
  policy: DiffPolicy,
  deps: JudgeDiffDeps,
): Promise<DiffJudgement> {
  const judge = (from: string, to: string): Promise<DiffJudgement> => judgeChanges(from, to, policy, deps);
  const whole = await judge(base, head);
  const commits = await deps.git.commitsBetween(base, head, maxListed);
  const own = commits.filter(({ parents }) => parents.length < 2).length;
  if (commits.length >= maxListed) return withBlocks(whole, commitFindings(commits.length));
  return withBlocks(whole, [...(await undone({ base, commits }, whole, judge)), ...commitFindings(own)]);
}

const withBlocks = ({ blocks, flags }: DiffJudgement, more: readonly DiffFinding[]): DiffJudgement => ({
  blocks: [...blocks, ...more],
  flags,
});

/** Blocks that only a commit on the way has. Compared with its first parent: what others brought is in their own commits. */
async function undone(
  { base, commits }: { readonly base: string; readonly commits: Awaited<ReturnType<Git['commitsBetween']>> },
  whole: DiffJudgement,
  judge: (from: string, to: string) => Promise<DiffJudgement>,
): Promise<readonly DiffFinding[]> {
  const [only] = commits;
  if (commits.length === 1 && only?.parents[0] === base) return [];
  const known = new Set(whole.blocks.map(keyOf));
  const found: DiffFinding[] = [];
  for (const { id, parents } of commits) {
    const { blocks } = await judge(parents[0] ?? emptyTreeLike(id), id);
    for (const block of blocks) {
      if (known.has(keyOf(block))) continue;
      known.add(keyOf(block));
      found.push({ ...block, words: `${block.words} (In the commit ${id.slice(0, 10)}; a later one undoes it.)` });
    }
  }
  return found;
}

/** Lines move between commits, and the size of the whole is judged as a whole. */
const keyOf = ({ rule, path }: DiffFinding): string => `${rule} ${path}`;

/** The tree without files, which git knows without having it: of sha1 and of sha256. */
const emptyTreeLike = (id: string): string =>
  id.length === 40
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
