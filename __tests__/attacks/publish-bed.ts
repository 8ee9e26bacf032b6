// Publishes a commit as a run does at its end, to a remote on disk: what reaches it is looked up there.
import { createDiffGate, type DiffGate } from '../../src/diff-gate.ts';
import { judgeResult } from '../../src/judge-result.ts';
import type { GitHub } from '../../src/ports.ts';
import { createBranchPusher } from '../../src/publish/branch-pusher.ts';
import { publishRun } from '../../src/publish/publish-run.ts';
import { createSink } from '../../src/publish/sink.ts';
import type { RunOutcome } from '../../src/types.ts';
import { git } from '../adapters/git-bed.ts';
import { policyOf, type DiffBed } from '../policy/diff-bed.ts';
import {
  integrationOf,
  opening,
  planned,
  planOf,
  pullRequestOf,
  resultOf,
  stateAfter,
  taskOf,
  worked,
} from '../support/run-events.ts';
import { recordedReporter } from '../support/spine.ts';

export interface Published {
  readonly outcome: RunOutcome;
  /** Branches of ours on the remote, by name, each with the paths in it. */
  readonly reached: Readonly<Record<string, readonly string[]>>;
  /** Of the pull request, where one was opened. */
  readonly body: string | null;
  readonly draft: boolean | null;
  /** All that was said, on GitHub and to the run. */
  readonly said: string;
}

export const AGENT_BRANCH = 'ai/agents/issue-42/backend-dev/task-001';
export const RESULT_BRANCH = 'ai/issue-42';

/**
 * The agent's branch while the run goes on, then the result.
 * @param judge stands in for the policy where a test takes that away
 */
export async function publish(bed: DiffBed, head: string, judge?: DiffGate['judge']): Promise<Published> {
  const reporter = recordedReporter();
  const sink = createSink({ secrets: [] });
  const deps = { git: bed.store, reporter, findSecrets: sink.secrets.find };
  const real = createDiffGate(bed.base, policyOf(), deps);
  const gate = judge === undefined ? real : { ...real, judge };
  const pusher = createBranchPusher({ ...deps, judge: gate.judge });
  await bed.store.setBranch(AGENT_BRANCH, head);
  pusher.push(AGENT_BRANCH, head);
  const result = resultOf(taskOf(1), { commit: head, changedFiles: await bed.store.changedFiles(bed.base, head) });
  const integration = integrationOf({ commit: head, changedFiles: result.changedFiles });
  const before = [
    ...opening(),
    ...planned(planOf([taskOf(1)])),
    ...worked(result),
    { type: 'integration.ended' as const, integration },
  ];
  await judgeResult(
    { integration, results: [result], final: [] },
    { commit: bed.base, baseline: [] },
    { ...deps, gate },
  );
  const asked: { title: string; body: string; draft: boolean }[] = [];
  const outcome = await publishRun(
    {
      base: {
        commit: bed.base,
        baseBranch: 'main',
        branch: RESULT_BRANCH,
        expected: Promise.resolve(null),
        pullRequest: null,
      },
      integration,
      results: [result],
    },
    {
      ...deps,
      github: hub((input) => asked.push(input)),
      state: () => stateAfter([...before, ...reporter.events]),
      pusher,
      clean: sink.markdown,
      cleanTitle: sink.plain,
    },
  );
  return {
    outcome,
    reached: branchesOf(bed),
    body: asked[0]?.body ?? null,
    draft: asked[0]?.draft ?? null,
    said: JSON.stringify([outcome, asked, reporter.events]),
  };
}

function branchesOf({ checkout }: DiffBed): Published['reached'] {
  const names = git(checkout, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/ai').split('\n').filter(Boolean);
  const paths = (name: string): readonly string[] => git(checkout, 'ls-tree', '-r', '--name-only', name).split('\n');
  return Object.fromEntries(names.map((name) => [name, paths(name)]));
}

/** Only what publishing asks of GitHub. */
function hub(onOpened: (input: Parameters<GitHub['openPullRequest']>[0]) => void): GitHub {
  const unasked = (): never => {
    throw new Error('GitHub was asked something else');
  };
  return {
    ...{ permission: unasked, defaultBranch: unasked, issue: unasked, comments: unasked, pullRequest: unasked },
    ...{ react: unasked, updateComment: unasked, updatePullRequest: unasked },
    findPullRequest: () => Promise.resolve(null),
    findComment: () => Promise.resolve(null),
    openPullRequest: (input) => {
      onOpened(input);
      return Promise.resolve(pullRequestOf({ draft: input.draft }));
    },
    createComment: () => Promise.resolve({ id: 1, url: 'https://git.example/1' }),
  };
}
