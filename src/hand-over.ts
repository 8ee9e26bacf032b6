// The end of a job that may not write to the repository: its branches go into a bundle, and what is to be said of them into a
// manifest, for the job that publishes.
import { join } from 'node:path';
import { triggerSlug } from './branch-names.ts';
import type { HeldBranch } from './hold-back.ts';
import { partialReasons } from './journal/run-facts.ts';
import type { RunState } from './journal/run-state.ts';
import { oneLine } from './publish/foreign.ts';
import { bundleFile, formatManifest, manifestFile, type Manifest } from './publish/manifest.ts';
import { reportOf } from './publish/manifest-report.ts';
import type { StateRecord } from './state/state-record.ts';
import type { RunOutcome, Trigger, Usage } from './types.ts';

export interface HandOverInput {
  readonly trigger: Trigger;
  readonly runId: string;
  /** Where the run started and where its result goes; null when it did not come so far. */
  readonly base: StateRecord['base'];
  /** What it would have pushed. */
  readonly branches: readonly HeldBranch[];
  readonly outcome: RunOutcome;
  readonly state: RunState;
  readonly spent: Usage;
  /** Two files are left in it. */
  readonly directory: string;
}

export interface HandOverDeps {
  /** Writes what the branches have on top of a commit; returns the sha256 of the file. */
  readonly writeBundle: (path: string, base: string, branches: readonly string[]) => Promise<string>;
  /** Writes a file; returns its sha256. */
  readonly writeText: (path: string, text: string) => string;
  readonly clean: (text: string) => string;
}

export interface HandedOver {
  readonly directory: string;
  /** sha256 (hex) of the manifest: goes to the other job by another way than the files. */
  readonly manifestSha256: string;
}

/** Of an outcome's reason, which is one line. */
const maxReasonLength = 1000;

/** Null when there is nothing to hand over: no commit was made, and nothing was spent. */
export async function handOver(input: HandOverInput, deps: HandOverDeps): Promise<HandedOver | null> {
  const { base, branches, spent, directory } = input;
  if (base === null) return null;
  // A branch that stands where the run started holds no work.
  const made = branches.filter(({ commit }) => commit !== base.commit);
  if (made.length === 0 && spent.requests === 0) return null;
  const path = join(directory, bundleFile);
  const names = made.map(({ branch }) => branch);
  const bundleSha256 = made.length === 0 ? null : await deps.writeBundle(path, base.commit, names);
  const manifest = manifestOf({ ...input, base, branches: made }, bundleSha256);
  const text = formatManifest(manifest, deps.clean);
  return { directory, manifestSha256: deps.writeText(join(directory, manifestFile), text) };
}

function manifestOf(
  input: HandOverInput & { readonly base: NonNullable<StateRecord['base']> },
  bundleSha256: string | null,
): Omit<Manifest, 'version'> {
  const { trigger, runId, base, branches, outcome, state, spent } = input;
  const { repository } = trigger;
  const result = branches.find(({ branch }) => branch === base.branch);
  return {
    repository: repository === null ? '' : `${repository.owner}/${repository.name}`,
    subject: triggerSlug(trigger),
    runId,
    base: { commit: base.commit, branch: base.baseBranch, continues: base.pullRequest },
    result: result === undefined ? null : { ...result, expected: base.expected },
    branches: branches.filter((one) => one !== result),
    bundleSha256,
    partial: oneLine(reasonOf(outcome, state), maxReasonLength),
    spent,
    report: reportOf(state),
  };
}

function reasonOf(outcome: RunOutcome, state: RunState): string {
  const reasons = partialReasons(state).join(' ');
  if (reasons !== '') return reasons;
  if (outcome.kind === 'failed') return outcome.error.split('\n', 1)[0] ?? '';
  return 'reason' in outcome ? outcome.reason : '';
}
