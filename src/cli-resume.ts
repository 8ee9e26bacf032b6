// `ai-implement resume`: goes on with a run whose process was killed, as it was asked for.
import { basename, join, resolve } from 'node:path';
import { listRuns, runsDirectory, type RunFolder } from './adapters/run-folders.ts';
import { runChosen, type TerminalEnding } from './cli-run.ts';
import { RunError } from './errors.ts';
import { readJournalFile } from './adapters/read-journal-file.ts';
import { askedOf, versionOf } from './record/asked-run.ts';
import { version } from './version.ts';

/**
 * @param named id of a run, or the path of its folder or journal; null: the newest that can be gone on with
 * @throws RunError `run-not-found`, `run-not-begun`, `run-has-ended`, `run-is-going`, `run-of-other-version`, or one of its
 * journal
 */
export async function resumeRun(named: string | null, projectDir: string): Promise<TerminalEnding> {
  const run = choose(named, resolve(projectDir));
  const { entries } = readJournalFile(join(run.directory, 'journal.jsonl'));
  if (run.hasEnded) throw new RunError('run-has-ended', { run: run.runId });
  if (run.pid !== null) throw new RunError('run-is-going', { run: run.runId, pid: String(run.pid) });
  const begunBy = versionOf(entries);
  const asked = askedOf(entries);
  if (asked === null || begunBy === null) throw new RunError('run-not-begun', { run: run.runId });
  if (begunBy !== version)
    throw new RunError('run-of-other-version', { run: run.runId, version: begunBy, own: version });
  return runChosen({ runId: run.runId, asked }, projectDir);
}

function choose(named: string | null, projectDir: string): RunFolder {
  const runs = listRuns(projectDir);
  const runId = named === null ? null : basename(named.replace(/[/\\]journal\.jsonl$/, ''));
  const run = runs.findLast((one) => (runId === null ? isUnfinished(one) : one.runId === runId));
  if (run !== undefined) return run;
  const what = named === null ? 'unfinished run' : `run "${named}"`;
  throw new RunError('run-not-found', { what, directory: runsDirectory(projectDir) });
}

const isUnfinished = (run: RunFolder): boolean =>
  !run.hasEnded && run.pid === null && run.journal !== null && askedOf(run.journal.entries) !== null;
