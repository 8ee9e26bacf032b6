// Judges changes made with a user's own git, on the product's private store.
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import { judgeDiff } from '../../src/policy/judge-diff.ts';
import type { DiffPolicy } from '../../src/policy/diff-policy.ts';
import { createSink } from '../../src/publish/sink.ts';
import type { DiffJudgement } from '../../src/types.ts';
import { git, makeBed, writeFiles, type Bed, type Files } from '../adapters/git-bed.ts';

/** The policy of a repository that configures nothing, with changes. */
export const policyOf = (file: Readonly<Record<string, unknown>> = {}): DiffPolicy =>
  loadConfig({ fileText: JSON.stringify(file), filePath: 'orchestrator-config.json', agentFiles: [], inputs: {} })
    .config.diffPolicy;

/** Blocks nothing: for showing what would happen without the policy. */
export const allowAll: DiffJudgement = { blocks: [], flags: [] };

/** One commit's worth of changes. */
export interface Step {
  readonly write?: Files;
  readonly remove?: readonly string[];
  readonly executable?: readonly string[];
  /** Commits of other repositories, by path. */
  readonly gitlinks?: Readonly<Record<string, string>>;
}

export interface DiffBed extends Bed {
  /** A commit with these changes on top of the base, one commit a step. */
  commit(...steps: readonly Step[]): Promise<string>;
  judge(head: string, policy?: DiffPolicy, secrets?: readonly string[]): Promise<DiffJudgement>;
}

/** A repository with these files. */
export async function makeDiffBed(files: Files): Promise<DiffBed> {
  const bed = await makeBed(files);
  const run = (...args: readonly string[]): string => git(bed.checkout, ...args);
  return {
    ...bed,
    async commit(...steps) {
      run('checkout', '--quiet', '--force', '--detach', bed.base);
      for (const { write = {}, remove = [], executable = [], gitlinks = {} } of steps) {
        for (const path of remove) await rm(join(bed.checkout, path), { recursive: true, force: true });
        await writeFiles(bed.checkout, write);
        for (const path of executable) await chmod(join(bed.checkout, path), 0o755);
        run('add', '--all', '--force');
        for (const [path, id] of Object.entries(gitlinks))
          run('update-index', '--add', '--cacheinfo', `160000,${id},${path}`);
        run('commit', '--quiet', '--allow-empty', '--no-verify', '--message=work');
      }
      const head = run('rev-parse', 'HEAD');
      run('checkout', '--quiet', '--force', 'main');
      return head;
    },
    judge: (head, policy = policyOf(), secrets = []) =>
      judgeDiff(bed.base, head, policy, {
        git: bed.store,
        findSecrets: createSink({ secrets }).secrets.find,
      }),
  };
}

/** Each finding as `rule path:line`. */
export const told = (findings: DiffJudgement['blocks']): readonly string[] =>
  findings.map(({ rule, path, line }) => `${rule} ${path}${line === null ? '' : `:${line}`}`);
