// A repository inside the tree for the agent's own `git diff`, `git log` and `git status`. Nobody else ever reads it.
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { RepositoryRequest } from './protocol.ts';

const config = (objectFormat: string): string =>
  [
    '[core]',
    `\trepositoryformatversion = ${objectFormat === 'sha256' ? 1 : 0}`,
    '\tbare = false',
    '\tautocrlf = false',
    // An overlay gives a file another device and change time than the layer that it lies in.
    '\tcheckStat = minimal',
    '\ttrustctime = false',
    ...(objectFormat === 'sha256' ? ['[extensions]', '\tobjectFormat = sha256'] : []),
    // An agent may commit for itself; those commits go nowhere.
    '[user]',
    '\tname = agent',
    '\temail = agent@localhost',
    '[gc]',
    '\tauto = 0',
    '',
  ].join('\n');

/** Written by hand: seven small files, against one process for `git init` and one each for its settings. */
function writeSkeleton(gitDir: string, request: RepositoryRequest, objectFormat: string): void {
  rmSync(gitDir, { recursive: true, force: true });
  for (const directory of ['objects/info', 'refs/heads', 'info'])
    mkdirSync(join(gitDir, directory), { recursive: true });
  writeFileSync(join(gitDir, 'config'), config(objectFormat));
  writeFileSync(join(gitDir, 'objects', 'info', 'alternates'), request.objectPaths.map((path) => `${path}\n`).join(''));
  if (request.shallow !== '') writeFileSync(join(gitDir, 'shallow'), request.shallow);
}

/** Its only branch. As a packed one: the repository of the layers below has one of its own in the same file. */
function writeBranch(gitDir: string, { branch, commit }: RepositoryRequest): void {
  writeFileSync(join(gitDir, 'packed-refs'), `${commit} refs/heads/${branch}\n`);
  writeFileSync(join(gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
}

/** Runs git in it. An agent's background process may have planted a hook meanwhile. */
async function run(root: string, args: readonly string[]): Promise<void> {
  const gitDir = join(root, '.git');
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_DIR: gitDir };
  const hardened = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];
  await promisify(execFile)('git', [...hardened, ...args], { cwd: root, env });
}

/** Makes `<root>/.git` what the request says. Ends when its index is written. */
export async function writeThrowawayRepository(
  root: string,
  request: RepositoryRequest,
  objectFormat: string,
): Promise<void> {
  const gitDir = join(root, '.git');
  if (request.renew === 'whole') writeSkeleton(gitDir, request, objectFormat);
  writeBranch(gitDir, request);
  if (request.renew !== 'branch') await run(root, ['read-tree', request.commit]);
}

/** Notes size and time of all files in the index, so that `git status` need not read them. */
export async function refreshIndex(root: string): Promise<void> {
  // It ends with 1 when a file differs, which is what it was to find out.
  await run(root, ['--work-tree', root, 'update-index', '-q', '--refresh']).catch(() => undefined);
}
