// The remote of a terminal run: the user's own repository gets our branches by plumbing. No hook of theirs runs, and no
// file of their checkout is touched.
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError } from '../errors.ts';
import type { BranchUpdate } from '../ports.ts';
import { assertObjectId, GitFailure, runGit } from './git-process.ts';
import type { Remote, RemoteOptions } from './git-remote.ts';

type LocalOptions = Extract<RemoteOptions, { kind: 'local' }>;

interface LocalRef {
  readonly commit: string;
  /** Working tree in which the branch is checked out, or empty. */
  readonly checkedOutIn: string;
}

/** @param gitDir our store, which borrows the user's objects, so that a fetch has nothing to copy. */
export function createLocalRemote(gitDir: string, options: LocalOptions): Remote {
  const readRef = async (branch: string): Promise<LocalRef | null> => {
    const name = `refs/heads/${branch}`;
    const args = ['for-each-ref', '--format=%(refname) %(objectname) %(worktreepath)', name];
    const lines = (await runGit({ gitDir: options.gitDir, args })).stdout.toString().split('\n');
    // The pattern also matches what lies below the name.
    const [, commit, ...path] = lines.find((line) => line.startsWith(`${name} `))?.split(' ') ?? [];
    return commit === undefined ? null : { commit, checkedOutIn: path.join(' ') };
  };

  /** `--local` leaves out what the store borrows from the user's repository, which is all but the run's own objects. */
  const copyObjects = async (commits: readonly string[]): Promise<void> => {
    const input = [...commits, '--not', ...options.has, ''].join('\n');
    const args = ['pack-objects', '--revs', '--local', '--stdout', '--quiet', '--delta-base-offset'];
    const pack = await runGit({ gitDir, args, input });
    await runGit({ gitDir: options.gitDir, args: ['unpack-objects', '-q'], input: pack.stdout });
  };

  const refuseCheckedOut = async ({ branch }: BranchUpdate): Promise<void> => {
    const ref = await readRef(branch);
    if (ref === null || ref.checkedOutIn === '') return;
    throw new RunError('push-refused', { branch, detail: `it is checked out in ${ref.checkedOutIn}` });
  };

  const updateRefs = async (updates: readonly BranchUpdate[]): Promise<void> => {
    const zero = '0'.repeat(updates[0]?.commit.length ?? 40);
    const rows = updates.map((one) => `update refs/heads/${one.branch} ${one.commit} ${one.expected ?? zero}\n`);
    try {
      await runGit({ gitDir: options.gitDir, args: ['update-ref', '--stdin'], input: rows.join('') });
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      const branch = updates.find((one) => error.stderr.includes(`'refs/heads/${one.branch}'`))?.branch;
      throw new RunError('push-refused', { branch: branch ?? 'a branch', detail: error.stderr.trim() }, error);
    }
  };

  return {
    branchHead: async (branch) => (await readRef(branch))?.commit ?? null,
    fetch: async (branch) => {
      const ref = await readRef(branch);
      if (ref === null) throw new RunError('base-branch-missing', { branch });
      return ref.commit;
    },
    check: async (branch) => {
      try {
        await access(join(options.gitDir, 'objects'), constants.W_OK);
      } catch (error) {
        throw new RunError('push-refused', { branch, detail: `${options.gitDir} cannot be written` }, error);
      }
    },
    push: async (updates) => {
      if (updates.length === 0) return;
      const refs = await Promise.all(updates.map(({ branch }) => readRef(branch)));
      // What points there already was done by a start of this run that did not live to know it.
      const open = updates.filter(({ commit }, i) => refs[i]?.commit !== commit);
      if (open.length === 0) return;
      await Promise.all(open.map(refuseCheckedOut));
      await copyObjects(open.map((one) => assertObjectId(one.commit)));
      await updateRefs(open);
    },
  };
}
