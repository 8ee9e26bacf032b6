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
  const branchPath = join(gitDir, 'refs', 'heads', request.branch);
  mkdirSync(join(branchPath, '..'), { recursive: true });
  writeFileSync(branchPath, `${request.commit}\n`);
  writeFileSync(join(gitDir, 'HEAD'), `ref: refs/heads/${request.branch}\n`);
  writeFileSync(join(gitDir, 'config'), config(objectFormat));
  writeFileSync(join(gitDir, 'objects', 'info', 'alternates'), request.objectPaths.map((path) => `${path}\n`).join(''));
  if (request.shallow !== '') writeFileSync(join(gitDir, 'shallow'), request.shallow);
}

/** Makes `<root>/.git` anew, whatever the agent made of it. Ends when its index is written. */
export async function writeThrowawayRepository(
  root: string,
  request: RepositoryRequest,
  objectFormat: string,
): Promise<void> {
  const gitDir = join(root, '.git');
  writeSkeleton(gitDir, request, objectFormat);
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_DIR: gitDir };
  // An agent's background process may have planted a hook meanwhile.
  const args = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', 'read-tree', request.commit];
  await promisify(execFile)('git', args, { cwd: root, env });
}
