// Takes in what the agents' job has left: from files that anybody may have written to commits in our own store, of which it is
// known where they belong and what they build on. What they change is judged after this.
import { join } from 'node:path';
import { importPack, readBundle } from './adapters/git-bundle.ts';
import { ourAuthor, type GitStore } from './adapters/git-store.ts';
import { readBundleFile, readManifestFile, sha256 } from './adapters/result-files.ts';
import { triggerSlug } from './branch-names.ts';
import type { Config } from './config/config.ts';
import { isRunError, RunError } from './errors.ts';
import type { GitHub } from './ports.ts';
import { branchesOf, checkBundle } from './publish/check-bundle.ts';
import { checkCommits } from './publish/check-commits.ts';
import { checkManifest } from './publish/check-manifest.ts';
import { bundleFile, manifestFile, parseManifest, type Manifest } from './publish/manifest.ts';
import { chooseBase, type BaseQuestion, type Base } from './trigger/choose-base.ts';
import type { Trigger } from './types.ts';

export interface ReceiveInput extends Pick<BaseQuestion, 'checkout' | 'branch' | 'continues'> {
  readonly trigger: Trigger;
  readonly config: Config;
  /** Of this attempt of the workflow run, and of those before it: one may have run the agents. */
  readonly runIds: readonly string[];
  /** Where the files lie. */
  readonly directory: string;
  /** What the manifest must hash to, as the agents' job said by another way. */
  readonly manifestSha256: string;
}

export interface ReceiveDeps {
  readonly git: GitStore;
  readonly github: GitHub;
  /** True for a text that may hold a secret. */
  readonly hasSecret: (text: string) => boolean;
}

export interface Received {
  readonly manifest: Manifest;
  /** Where the result goes, found out anew, on the commit that the agents built on. */
  readonly base: Base;
  /** New commits on all branches. */
  readonly commits: readonly string[];
}

const refused = (detail: string): RunError => new RunError('handover-refused', { detail });

/** @throws RunError `handover-refused`, `push-refused` where a branch moved meanwhile, and what git and GitHub say */
export async function receiveWork(input: ReceiveInput, deps: ReceiveDeps): Promise<Received> {
  const manifest = await readManifest(input);
  const base = await baseOf(manifest, input, deps);
  if (manifest.bundleSha256 === null) return { manifest, base, commits: [] };
  await takeBundle(manifest, input, deps);
  const heads = branchesOf(manifest).map(({ commit }) => commit);
  for (const head of heads) await requireOnBase(head, base.commit, deps.git);
  const commits = await newCommits(heads, base.commit, deps.git);
  await checkCommits(commits, {
    readCommit: async (commit) => (await deps.git.readObject(commit)).bytes,
    author: `${ourAuthor.name} <${ourAuthor.email}>`,
    hasSecret: deps.hasSecret,
  });
  return { manifest, base, commits };
}

/** Commits that are looked at of one branch. The diff policy refuses far fewer; a list that is cut would hide some. */
const maxCommits = 1_000;

async function newCommits(heads: readonly string[], base: string, git: GitStore): Promise<readonly string[]> {
  const lists = await Promise.all(heads.map((head) => git.commitsBetween(base, head, maxCommits)));
  if (lists.some((list) => list.length >= maxCommits)) throw refused(`a branch has ${maxCommits} commits or more`);
  return [...new Set(lists.flat().map(({ id }) => id))];
}

async function readManifest({ directory, manifestSha256 }: ReceiveInput): Promise<Manifest> {
  if (directory === '' || manifestSha256 === '') {
    throw new RunError('input-invalid', { problem: 'the job publish needs `result-dir` and `manifest-sha256`' });
  }
  const bytes = await readManifestFile(join(directory, manifestFile));
  if (sha256(bytes) !== manifestSha256) throw refused('the manifest is not the one that the job with the agents made');
  const manifest = parseManifest(bytes.toString('utf8'));
  if ('problem' in manifest) throw refused(manifest.problem);
  return manifest;
}

async function baseOf(manifest: Manifest, input: ReceiveInput, { git, github }: ReceiveDeps): Promise<Base> {
  const { trigger, config, runIds } = input;
  const { baseBranch: wantedBase, branchPrefix } = config;
  const asked = { ...input, wantedBase, defaultBranch: trigger.defaultBranch ?? null };
  const base = await chooseBase(asked, git, github);
  const { repository } = trigger;
  checkManifest(manifest, {
    ...{ runIds, branchPrefix },
    repository: repository === null ? '' : `${repository.owner}/${repository.name}`,
    subject: triggerSlug(trigger),
    base: { ...base, expected: await base.expected },
  });
  // A pull request goes on from its head, which was compared.
  const isNew = manifest.base.continues === null;
  if (isNew) await requireOnBranch(manifest.base.commit, base.baseBranch, git);
  // One that an earlier attempt of this job has opened is found again by its marker.
  return { ...base, commit: manifest.base.commit, pullRequest: isNew ? null : base.pullRequest };
}

/** What is built on something that never was on the base branch would bring that something along. */
async function requireOnBranch(commit: string, branch: string, git: GitStore): Promise<void> {
  if ((await git.remoteBranch(branch)) === commit) return;
  const head = await git.fetch(branch);
  await requireThere(commit, git);
  if (!(await git.isAncestor(commit, head))) throw refused(`the base ${commit} is no commit of the branch ${branch}`);
}

async function requireOnBase(head: string, base: string, git: GitStore): Promise<void> {
  await requireThere(head, git);
  if (!(await git.isAncestor(base, head))) throw refused(`the commit ${head} does not build on the base ${base}`);
}

async function requireThere(commit: string, git: GitStore): Promise<void> {
  try {
    if ((await git.readObject(commit)).type === 'commit') return;
  } catch (error) {
    if (!isRunError(error)) throw error;
  }
  throw refused(`there is no commit ${commit}`);
}

async function takeBundle(manifest: Manifest, { directory }: ReceiveInput, { git }: ReceiveDeps): Promise<void> {
  const bytes = await readBundleFile(join(directory, bundleFile));
  if (sha256(bytes) !== manifest.bundleSha256) throw refused('the bundle is not the one that the manifest names');
  const bundle = readBundle(bytes, git.objectFormat);
  checkBundle(bundle, manifest);
  await importPack(git.storePath, bundle.pack);
}
