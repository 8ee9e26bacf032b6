// Brings one task's branch onto the integration head: merge on objects, checks on the merged tree, then the next.
import { fence, pathWords } from '../agent/fence.ts';
import type { Git, Reporter } from '../ports.ts';
import type { BrokenCheck, Check, Merge, TaskResult } from '../types.ts';

/** The task's own agent, still in its conversation. */
export interface Owner {
  readonly result: TaskResult;
  rework(treeish: string, parents: readonly string[], told: string): Promise<TaskResult>;
}

export interface LandDeps {
  readonly git: Git;
  readonly reporter: Reporter;
  /** Runs the project's checks on a commit. */
  readonly runChecks: (commit: string, taskId: string) => Promise<readonly Check[]>;
  /** Checks that fail after and did not fail in the same way before. */
  readonly brokenBy: (before: readonly Check[], after: readonly Check[]) => readonly BrokenCheck[];
  /** Marks foreign text in what the owner is told. */
  readonly nonce: string;
}

export interface Head {
  readonly commit: string;
  /** Checks on that commit. */
  readonly checks: readonly Check[];
}

export interface Landing {
  readonly head: Head;
  readonly merge: Merge;
  /** The task's result after the last rework. */
  readonly result: TaskResult;
}

/** Times a conflict or a broken check goes back to its owner before the branch is left out. */
const MAX_RETURNS = 3;

/** The new head, or the old one with the reason why the branch was left out. Unfinished work is never merged. */
export async function landTask(owner: Owner, head: Head, deps: LandDeps): Promise<Landing> {
  const returns: Merge['returns'][number][] = [];
  let result = owner.result;
  for (;;) {
    if (result.status !== 'completed') return refuse(head, result, returns, deps);
    const attempt = await tryMerge(result, head, deps);
    if (attempt.kind === 'landed') return conclude({ head: attempt.head, result, returns }, deps);
    if (attempt.kind === 'nothing') return conclude({ head, result, returns }, deps);
    const { kind, detail } = attempt;
    if (returns.length >= MAX_RETURNS) return refuse(head, unmerged(result, detail, deps), returns, deps);
    returns.push({ kind, detail });
    deps.reporter.emit({ type: 'task.handed-back', taskId: result.task.id, kind, detail });
    result = await owner.rework(attempt.treeish, attempt.parents, attempt.told);
  }
}

type Attempt =
  | { readonly kind: 'landed'; readonly head: Head }
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'conflict' | 'broken-check';
      readonly detail: string;
      readonly treeish: string;
      readonly parents: readonly string[];
      readonly told: string;
    };

async function tryMerge(result: TaskResult, head: Head, deps: LandDeps): Promise<Attempt> {
  if (result.commit === null) return { kind: 'nothing' };
  const merged = await deps.git.merge(head.commit, result.commit);
  if (merged.conflicts.length > 0) {
    const names = merged.conflicts.join(', ');
    return {
      kind: 'conflict',
      detail: `conflict in ${names}`,
      treeish: merged.tree,
      parents: [head.commit, result.commit],
      told: conflictText(merged.conflicts),
    };
  }
  const commit = await mergeCommit(merged.tree, result, head, deps);
  const checks = await deps.runChecks(commit, result.task.id);
  const broken = deps.brokenBy(head.checks, checks);
  if (broken.length === 0) return { kind: 'landed', head: { commit, checks } };
  return {
    kind: 'broken-check',
    detail: broken.map(nameOf).join('; '),
    treeish: commit,
    parents: [head.commit, result.commit],
    told: brokenText(broken, deps.nonce),
  };
}

/** The task's own commit where it already stands on the head, so that a single task makes no merge commit. */
async function mergeCommit(tree: string, result: TaskResult, head: Head, { git }: LandDeps): Promise<string> {
  const commit = result.commit ?? head.commit;
  if ((await git.treeOf(commit)) === tree && (await git.isAncestor(head.commit, commit))) return commit;
  return git.commit(tree, [head.commit, commit], `Merge ${result.task.id} (${result.task.role})\n`);
}

function conclude(landed: { head: Head; result: TaskResult; returns: Merge['returns'] }, deps: LandDeps): Landing {
  const { head, result, returns } = landed;
  const merge: Merge = { taskId: result.task.id, status: 'merged', commit: head.commit, returns, checks: head.checks };
  deps.reporter.emit({ type: 'merge.ended', merge });
  return { head, merge, result };
}

function refuse(head: Head, result: TaskResult, returns: Merge['returns'], deps: LandDeps): Landing {
  const merge: Merge = { taskId: result.task.id, status: 'refused', commit: null, returns, checks: [] };
  deps.reporter.emit({ type: 'merge.ended', merge });
  return { head, merge, result };
}

/** Work that was finished but stays out has failed; the run is told so. */
function unmerged(finished: TaskResult, detail: string, { reporter }: LandDeps): TaskResult {
  const result: TaskResult = { ...finished, status: 'failed', reason: `It could not be merged: ${detail}.` };
  reporter.emit({ type: 'task.ended', result });
  return result;
}

const conflictText = (
  paths: readonly string[],
): string => `Your work was accepted, but other work was merged meanwhile and the two conflict. Your tree now holds the merge of both; these paths are in conflict: ${paths.map(pathWords).join(', ')}.
Where both changed the same lines, the file carries conflict markers (<<<<<<< theirs, >>>>>>> yours); a file that one side moved or deleted carries none, and you decide where it belongs.
Resolve them so that both intentions survive, see that no marker is left, run the acceptance commands and call \`finish\` again.`;

const brokenText = (
  broken: readonly BrokenCheck[],
  nonce: string,
): string => `Your work was accepted alone, but together with what was merged meanwhile these checks fail:

${fence({ what: 'checks' }, broken.map((one) => `- ${nameOf(one)}: \`${one.check.command}\`\n${one.check.outputTail}`).join('\n\n'), nonce)}

Your tree now holds the merged state. Mend it there and call \`finish\` again.`;

const nameOf = ({ check, failures }: BrokenCheck): string =>
  failures.length === 0 ? check.name : `${check.name} (${failures.slice(0, 5).join('; ')})`;
