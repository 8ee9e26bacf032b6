// What the agents' job of a real run has left, to be changed as somebody would who has got into that job or its artifacts.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { WebhookEvent } from '../../testbed/github/events.ts';
import type { JobEnd } from '../../testbed/runner/run-job.ts';
import { REPOSITORY, WRITER } from './scenario.ts';
import type { WorkflowFacts, WorkflowProject } from './workflow-scenario.ts';

/** The manifest as plain fields: whoever has the job can write anything into it. */
export type Fields = Record<string, unknown>;

export interface HandedOver {
  /** Where the publishing job will find the artifact. */
  readonly directory: string;
  readonly bundle: string;
  readonly base: string;
  /** As it was left. */
  readonly manifest: Fields;
  /** Puts everything back as it was left. */
  restore(): Promise<void>;
  /** Writes the manifest, and with it the hash that the job gives out, unless told to keep that. */
  writeManifest(manifest: Fields, options?: { readonly keepHash?: boolean }): Promise<void>;
  /** Runs the publishing job on what lies there. */
  publish(): Promise<WorkflowFacts>;
  /** Commits as whoever, on a commit (the base unless given); returns the new commit. */
  commit(files: Readonly<Record<string, string>>, how?: CommitOptions): Promise<string>;
  /** Makes a bundle of these branches, and a manifest that fits it. */
  forge(forgery: Forgery): Promise<void>;
  /** A commit on the base whose tree holds one empty file of this name, which git itself would not make. */
  commitRawTree(name: string): Promise<string>;
  git(...args: readonly string[]): Promise<string>;
}

export interface CommitOptions {
  readonly parent?: string;
  readonly author?: string;
  readonly message?: string;
}

export interface Forgery {
  /** Commit of the result; null for none. */
  readonly result: string | null;
  /** Agents' branches: commit by name. */
  readonly branches?: Readonly<Record<string, string>>;
  /** Branch of the result. */
  readonly branch?: string;
  /** Beside what the branches ask for. */
  readonly manifest?: Fields;
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

const OURS = 'ai-implement <ai-implement@noreply.invalid>';

/** Runs the agents' job of a project on its label; the publishing job is cut off. @param directory an empty one */
export async function runAgentsJob(project: WorkflowProject, directory: string): Promise<HandedOver> {
  const event: WebhookEvent = await project.labelled(WRITER);
  let job: JobEnd | null = null;
  let artifacts = '';
  await project.run(event, {
    between: (ended, folder) => {
      if (ended.id === 'agent') [job, artifacts] = [ended, folder];
      // Without outputs of the first the second job does not run.
      return Promise.resolve({ ...ended, outputs: {} });
    },
  });
  const left: JobEnd | null = job;
  if (left === null) throw new Error('the agents’ job did not run');
  return handedOver({ project, event, job: left, artifact: join(artifacts, 'ai-implement-result'), directory });
}

interface Left {
  readonly project: WorkflowProject;
  readonly event: WebhookEvent;
  readonly job: JobEnd;
  readonly artifact: string;
  readonly directory: string;
}

async function handedOver({ project, event, job, artifact, directory }: Left): Promise<HandedOver> {
  const pristine = join(directory, 'pristine');
  const clone = join(directory, 'clone');
  await cp(artifact, pristine, { recursive: true });
  const run = promisify(execFile);
  const git = async (...args: readonly string[]): Promise<string> =>
    (
      await run('git', ['-C', clone, ...args], { env: { PATH: process.env['PATH'], HOME: '/nonexistent' } })
    ).stdout.trim();
  await mkdir(clone);
  await git('clone', '--quiet', project.github.bareRepository(REPOSITORY), '.');
  const bundle = join(artifact, 'result.bundle');
  const manifest: Fields = JSON.parse(await readFile(join(artifact, 'manifest.json'), 'utf8'));
  const base = String(Object(manifest['base']).commit);
  let hash = job.outputs['manifest-sha256'] ?? '';
  const writeManifest: HandedOver['writeManifest'] = async (fields, { keepHash = false } = {}) => {
    const text = JSON.stringify(fields);
    await writeFile(join(artifact, 'manifest.json'), text);
    if (!keepHash) hash = sha256(text);
  };
  const commit: HandedOver['commit'] = async (files, { parent = base, author = OURS, message = 'x' } = {}) => {
    await git('checkout', '--quiet', '--force', '--detach', parent);
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(clone, path)), { recursive: true });
      await writeFile(join(clone, path), content);
    }
    const [, name = '', email = ''] = /^(.*) <(.*)>$/.exec(author) ?? [];
    await git('add', '--all', '--force');
    const as = ['-c', `user.name=${name}`, '-c', `user.email=${email}`];
    await git(...as, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  const commitRawTree: HandedOver['commitRawTree'] = async (name) => {
    const file = join(directory, 'raw');
    await writeFile(file, '');
    const blob = await git('hash-object', '-w', file);
    await writeFile(file, Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]));
    const tree = await git('hash-object', '-t', 'tree', '-w', '--literally', file);
    const as = ['-c', 'user.name=ai-implement', '-c', 'user.email=ai-implement@noreply.invalid'];
    return git(...as, 'commit-tree', tree, '-p', base, '-m', 'x');
  };
  const forge: HandedOver['forge'] = async ({ result, branches = {}, branch = 'ai/issue-1', manifest: more }) => {
    const all = { ...(result === null ? {} : { [branch]: result }), ...branches };
    for (const [name, id] of Object.entries(all)) await git('update-ref', `refs/heads/${name}`, id);
    const start = String(Object(more?.['base']).commit ?? base);
    const refs = Object.keys(all).map((name) => `refs/heads/${name}`);
    await git('bundle', 'create', '--quiet', bundle, ...refs, `^${start}`);
    for (const name of Object.keys(all)) await git('update-ref', '-d', `refs/heads/${name}`);
    await writeManifest({
      ...manifest,
      result: result === null ? null : { branch, commit: result, expected: null },
      branches: Object.entries(branches).map(([name, id]) => ({ branch: name, commit: id })),
      bundleSha256: sha256(await readFile(bundle)),
      ...more,
    });
  };
  return {
    ...{ directory: artifact, bundle, base, manifest, git, writeManifest, commit, commitRawTree, forge },
    async restore() {
      await rm(artifact, { recursive: true, force: true });
      await cp(pristine, artifact, { recursive: true });
      hash = job.outputs['manifest-sha256'] ?? '';
    },
    publish: () => project.run(event, { earlier: [{ ...job, outputs: { 'manifest-sha256': hash } }], runAttempt: 1 }),
  };
}
