// The demo from its arguments to its exit code.
import { gitProblem } from './git-problem.ts';
import { readOptions, USAGE, type DemoOptions } from './options.ts';
import { createOutput, wantsColours, type Output } from './output.ts';
import { makeKept, type Kept } from './places.ts';
import { play } from './play.ts';
import { isReady } from './result.ts';
import { showPlaces, showResult } from './show-result.ts';

/** Runs the demo and returns its exit code: 0 only when one pull request is there and ready for review. */
export async function runDemo(args: readonly string[]): Promise<number> {
  const command = readOptions(args, process.env);
  if (command.kind === 'problem') return complain(command.words);
  if (command.kind === 'help') {
    console.log(USAGE);
    return 0;
  }
  const problem = await gitProblem();
  if (problem !== null) return complain(problem);
  const { options } = command;
  const kept = await makeKept(options.keep);
  if (kept === null) return complain(`${options.keep ?? ''} is not empty; name an empty directory after --keep.`);
  return perform(options, kept, createOutput(console.log, wantsColours(process.stdout.isTTY, process.env['NO_COLOR'])));
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
  const { action, result } = await play({ ...options, kept, output, cancel: cancel.signal });
  await showResult(result, kept, output);
  await showPlaces(result, action.outputs['report'] ?? '', kept, output);
  if (isReady(action.exitCode, result)) {
    output.heading('Done: the pull request is ready for review');
    return 0;
  }
  output.heading('Not done: there is no pull request that is ready');
  output.line(`  The action ended with ${action.exitCode ?? action.signal ?? 'nothing'}. All it left: ${kept.root}`);
  return 1;
}

function introduce({ apiKey }: DemoOptions, output: Output): void {
  output.heading('ai-implement: from a labelled issue to a pull request');
  output.block(apiKey === null ? STAND_INS : STAND_INS_LIVE);
  output.block(REAL);
}

const STAND_INS = `Stand-ins: GitHub and the model. Both are embedded here and speak the real protocols on 127.0.0.1.
The model follows a script: what it says was prepared, and its prices are not charged.`;

const STAND_INS_LIVE = `Stand-in: GitHub is embedded here and speaks the real protocols on 127.0.0.1.
The model is the real one, and it is charged to your key.`;

const REAL = `Real: the bundled action (dist/action.cjs), all HTTP, git with its commits, merges and pushes, the tools that
the agents call, and the sample's tests, which the action runs before, between and after.`;
