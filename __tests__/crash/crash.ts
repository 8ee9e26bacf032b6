// `npm run test:crash`: kills the process of a run before and after every kind of event, starts it again, and compares
// what came of it with a run that nobody killed.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import type { BedOptions } from './crash-bed.ts';
import { allKinds, typeOf } from './event-kind.ts';
import { rememberTests } from './remembered-tests.ts';
import { trialsOf, type Trial } from './trials.ts';
import { asAction, inTerminal, runUnbroken, type Unbroken } from './unbroken.ts';

const [, , root = '.', hook = '', ...args] = process.argv;
/** A ninth of the quick ones, spread over all of them: what a check of every change has time for. */
const isSample = args.includes('--sample');
const isQuick = isSample || args.includes('--quick');
const only = args.find((arg) => !arg.startsWith('--')) ?? '';

/** A run waits half of its time: for git, for the model, for the record. */
const atOnce = 2 * availableParallelism();

async function main(directory: string): Promise<void> {
  const where = (name: string): string => execFileSync('which', [name], { encoding: 'utf8' }).trim();
  const bin = await rememberTests(directory, { node: process.execPath, npm: where('npm') });
  const options: BedOptions = { root, hook, bin };
  const terminal = await runUnbroken(options, inTerminal);
  const action = await runUnbroken({ ...options, patience: 'for the record' }, asAction);
  const all = trialsOf({ terminal, action }, options, isQuick).filter(({ name }) => name.includes(only));
  const trials = isSample ? all.filter((_trial, i) => i % 9 === 0) : all;
  const failed = await runAll(trials);
  tellMissing(terminal, trials);
  const seconds = Math.round(process.uptime());
  console.log(`${trials.length} kill points in ${String(seconds)} s`);
  console.log(`${trials.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && trials.length > 0 ? 0 : 1;
}

/** @returns how many failed */
async function runAll(trials: readonly Trial[]): Promise<number> {
  const waiting = [...trials];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const faults = await trial.run().catch((error: unknown) => [String(error)]);
      if (faults.length > 0) failed += 1;
      console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${trial.name}`);
      for (const fault of faults) console.log(`     ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

function tellMissing({ kinds }: Unbroken, trials: readonly Trial[]): void {
  const tried = new Set([...trials.flatMap((trial) => trial.kinds), ...kinds.keys()].map(typeOf));
  const missing = allKinds.filter((kind) => !tried.has(kind));
  console.log(`not in the scenario: ${missing.join(', ')}`);
}

async function inOwnDirectory(): Promise<void> {
  // A sandbox has a folder of its own for temporary files.
  const directory = await mkdtemp(join(homedir(), '.ai-implement-crash-'));
  try {
    await main(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

void inOwnDirectory();
