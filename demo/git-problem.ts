// Which git the demo needs, and whether this machine has it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `merge-tree --write-tree` came with it: https://github.com/git/git/blob/master/Documentation/RelNotes/2.38.0.adoc */
const OLDEST_GIT: readonly [major: number, minor: number] = [2, 38];

/** What is wrong with a git that says this of itself (`git --version`); null when nothing is. */
export function gitVersionProblem(words: string): string | null {
  const [, version = '', major = '0', minor = '0'] = /((\d+)\.(\d+)[\w.]*)/.exec(words) ?? [];
  const [oldestMajor, oldestMinor] = OLDEST_GIT;
  const newEnough = Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  if (newEnough) return null;
  return `The demo needs git ${OLDEST_GIT.join('.')} or later; this is git ${version || 'of an unknown version'}.`;
}

/** What to tell a person whose git is missing, too old or without its HTTP server; null when all is there. */
export async function gitProblem(): Promise<string | null> {
  const words = await ask('--version');
  if (words === null) return `The demo needs git ${OLDEST_GIT.join('.')} or later, and there is no git on the PATH.`;
  const problem = gitVersionProblem(words);
  if (problem !== null) return problem;
  const directory = (await ask('--exec-path')) ?? '';
  if (existsSync(join(directory, 'git-http-backend'))) return null;
  return `The demo needs git's own HTTP server, and ${directory} has no git-http-backend. Some packagers split it off: look for a package like git-daemon or git-http-backend.`;
}

async function ask(question: string): Promise<string | null> {
  try {
    return (await promisify(execFile)('git', [question])).stdout.trim();
  } catch {
    return null;
  }
}
