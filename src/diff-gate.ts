// The gate before everything that is published: each commit is judged by the diff policy once, whoever asks.
import { RunError } from './errors.ts';
import type { FindBlocks } from './execute/work.ts';
import type { FindSecrets } from './policy/content-findings.ts';
import type { DiffPolicy } from './policy/diff-policy.ts';
import { judgeChanges } from './policy/judge-changes.ts';
import { judgeDiff } from './policy/judge-diff.ts';
import type { Git, Remember, Reporter } from './ports.ts';
import type { DiffJudgement } from './types.ts';

export interface DiffGate {
  /** What the policy says of all that a push of the commit would publish. */
  judge(commit: string): Promise<DiffJudgement>;
  /** What it blocks in a change that no commit holds yet. */
  readonly findBlocks: FindBlocks;
  /** Does `then`, in the order of the calls, where none of the commits holds what is blocked. */
  whenSound(commits: readonly string[], then: () => void): void;
  /** Waits for all that `whenSound` was asked. */
  settle(): Promise<void>;
}

export interface DiffGateDeps {
  readonly git: Git;
  readonly findSecrets: FindSecrets;
  readonly reporter: Reporter;
  /** What was judged with the secrets of a run is not judged again without them; absent where runs are not recorded. */
  readonly remember?: Remember;
}

/**
 * A credential of our own in a change is no finding to be mended: the run hears where it stands, and whatever asks rejects
 * with RunError `credential-exposed`.
 *
 * @param base commit that the run started from, which is published already
 */
export function createDiffGate(base: string, policy: DiffPolicy, deps: DiffGateDeps): DiffGate {
  const known = new Map<string, Promise<DiffJudgement>>();
  const once = (name: string, judge: () => Promise<DiffJudgement>): Promise<DiffJudgement> => {
    const found =
      known.get(name) ?? (deps.remember?.(name, judge) ?? judge()).then((judgement) => refuseOwn(judgement, deps));
    known.set(name, found);
    return found;
  };
  const judge = (commit: string): Promise<DiffJudgement> =>
    once(`diff ${base}..${commit}`, () => judgeDiff(base, commit, policy, deps));
  let queue: Promise<void> = Promise.resolve();
  return {
    judge,
    findBlocks: async (from, to) =>
      (await once(`diff ${from} ${to}`, () => judgeChanges(from, to, policy, deps))).blocks,
    whenSound(commits, then) {
      const judged = Promise.all(commits.map(judge)).then((all) => all.every(({ blocks }) => blocks.length === 0));
      // What cannot be judged is told by whoever publishes it.
      const sound = judged.catch(() => false);
      queue = queue.then(async () => {
        if (await sound) then();
      });
    },
    settle: () => queue,
  };
}

function refuseOwn(judgement: DiffJudgement, { reporter }: DiffGateDeps): DiffJudgement {
  const own = judgement.blocks.find((block) => block.own === true);
  if (own === undefined) return judgement;
  reporter.emit({ type: 'credential.exposed', agent: null, place: 'changed file', path: own.path });
  throw new RunError('credential-exposed');
}
