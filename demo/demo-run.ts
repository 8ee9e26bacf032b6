// The demo from its arguments to its exit code.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gitProblem } from './git-problem.ts';
import { readOptions, USAGE, type DemoOptions } from './options.ts';
import { createOutput, wantsColours, type Output } from './output.ts';
import { makeKept, type Kept } from './places.ts';
import { play, type Played } from './play.ts';
import type { PullRequestShown } from './result.ts';

/** Runs the demo and returns its exit code: 0 only when one pull request is there and ready for review. */
export async function runDemo(args: readonly string[]): Promise<number> {
  const command = readOptions(args, process.env);
  if (command.kind === 'help') {
    console.log(USAGE);
    return 0;
  }
  const problem = command.kind === 'problem' ? command.words : await gitProblem();
  if (command.kind === 'problem' || problem !== null) return complain(problem ?? '');
  const kept = await makeKept(command.options.keep);
  if (kept === null)
    return complain(`${command.options.keep ?? ''} is not empty; name an empty directory after --keep.`);
  const output = createOutput(console.log, wantsColours(process.stdout.isTTY === true, process.env['NO_COLOR']));
  return perform(command.options, kept, output);
}

function complain(words: string): number {
  console.error(words);
  return 1;
}

async function perform(options: DemoOptions, kept: Kept, output: Output): Promise<number> {
  const cancel = new AbortController();
  process.once('SIGINT', () => cancel.abort());
  introduce(options, output);
  output.heading('The run');
  const played = await play({ ...options, kept, output, cancel: cancel.signal });
  const [pullRequest] = played.result.pullRequests;
  await showResult(played, kept, output);
  if (pullRequest !== undefined) await showPlaces(pullRequest, played, kept, output);
  const ready = played.action.exitCode === 0 && played.result.pullRequests.length === 1 && pullRequest?.draft === false;
  output.heading(
    ready ? 'Done: the pull request is ready for review' : 'Not done: there is no pull request that is ready',
  );
  if (!ready)
    output.line(
      `  The action ended with ${played.action.exitCode ?? played.action.signal ?? 'nothing'}. Logs: ${kept.runner}`,
    );
  return ready ? 0 : 1;
}

function introduce({ apiKey }: DemoOptions, output: Output): void {
  output.heading('ai-implement: from a labelled issue to a pull request');
  const model = apiKey === null ? 'GitHub and the model are' : 'GitHub is';
  output.line(
    `  Stand-ins: ${model} embedded here and speak${apiKey === null ? '' : 's'} the real protocols on 127.0.0.1.`,
  );
  if (apiKey === null)
    output.line("  The model's words are a script: what it writes was prepared, and its prices buy nothing.");
  output.line(
    '  Real: the bundled action (dist/action.cjs), its HTTP, git with commits, merges and pushes, the tools the',
  );
  output.line("  agents call, and the sample's tests, run by the action before, between and after.");
}

async function showResult({ result }: Played, kept: Kept, output: Output): Promise<void> {
  for (const { number, title, draft, head, base, body } of result.pullRequests) {
    output.heading(`Pull request #${number}${draft ? ' (draft)' : ''}: ${title}`);
    output.line(`  ${head} -> ${base}`);
    output.line();
    output.block(body);
  }
  for (const { on, author, body } of result.comments) {
    output.heading(`Comment by ${author} on #${on}`);
    output.block(body);
  }
  output.heading('Branches');
  output.block(await git(kept.repository, 'for-each-ref', '--format=%(refname:short)  %(subject)', 'refs/heads'));
}

async function showPlaces(
  pullRequest: PullRequestShown,
  { action }: Played,
  kept: Kept,
  output: Output,
): Promise<void> {
  const { head, base } = pullRequest;
  await git(kept.root, 'clone', '--quiet', '--branch', head, kept.repository, kept.result);
  output.heading('Files changed');
  output.block(await git(kept.repository, 'diff', '--stat', `${base}...${head}`));
  output.heading('Look for yourself');
  output.block(`Report      ${action.outputs['report'] ?? '(none)'}
Branches    git -C ${kept.repository} log --oneline --graph --all
Changes     git -C ${kept.repository} diff ${base}...${head}
Tests       (cd ${kept.result} && npm test)
Try it      (cd ${kept.result} && npm start)
All of it   ${kept.root}`);
}

async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return (await promisify(execFile)('git', ['-C', directory, ...args], { env })).stdout;
}
