// Prints what came of the run, and where to look further.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Output } from './output.ts';
import type { Kept } from './places.ts';
import type { DemoResult } from './result.ts';

/** Pull request, comments and branches, as they stand on the embedded GitHub. */
export async function showResult({ pullRequests, comments }: DemoResult, kept: Kept, output: Output): Promise<void> {
  for (const { number, title, draft, head, base, body } of pullRequests) {
    output.heading(`Pull request #${number}${draft ? ' (draft)' : ''}: ${title}`);
    output.line(`  ${head} -> ${base}`);
    output.line();
    output.block(body);
  }
  for (const { on, author, body } of comments) {
    output.heading(`Comment by ${author} on #${on}`);
    output.block(body);
  }
  output.heading('Branches');
  output.block(await git(kept.repository, 'for-each-ref', '--format=%(refname:short)  %(subject)', 'refs/heads'));
}

/** Checks the result out into a working copy and names all that is left, with commands to look at it. */
export async function showPlaces(
  { pullRequests: [pullRequest] }: DemoResult,
  reportPath: string,
  kept: Kept,
  output: Output,
): Promise<void> {
  const places = [`Report      ${reportPath}`, `Branches    git -C ${kept.repository} log --oneline --graph --all`];
  if (pullRequest !== undefined) {
    const { head, base } = pullRequest;
    await git(kept.root, 'clone', '--quiet', '--branch', head, kept.repository, kept.result);
    output.heading('Files changed');
    output.block(await git(kept.repository, 'diff', '--stat', `${base}...${head}`));
    places.push(
      `Changes     git -C ${kept.repository} diff ${base}...${head}`,
      `Tests       cd ${kept.result} && npm test`,
      `Try it      cd ${kept.result} && npm start`,
    );
  }
  output.heading('Look for yourself');
  output.block([...places, `All of it   ${kept.root}`].join('\n'));
}

async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return (await promisify(execFile)('git', ['-C', directory, ...args], { env })).stdout;
}
