// `ai-implement resume`: goes on with a run whose process was killed, as it was asked for.
import { resolve } from 'node:path';
import { listRuns, runsDirectory, type RunFolder } from './adapters/run-folders.ts';
import { runChosen, type TerminalEnding } from './cli-run.ts';
import { RunError } from './errors.ts';
import { readJournalFile } from './adapters/read-journal-file.ts';
import { askedOf, versionOf } from './record/asked-run.ts';
import { version } from './version.ts';
import { join } from 'node:path';

/**
 * @param runId null: the newest that has not ended
 * @throws RunError `run-not-found`, `run-has-ended`, `run-is-going`, `run-of-other-version`, or one of its journal
 */
export async function resumeRun(runId: string | null, projectDir: string): Promise<TerminalEnding> {
  const run = choose(runId, resolve(projectDir));
  const { entries } = readJournalFile(join(run.directory, 'journal.jsonl'));
  if (run.hasEnded) throw new RunError('run-has-ended', { run: run.runId });
  if (run.pid !== null) throw new RunError('run-is-going', { run: run.runId, pid: String(run.pid) });
  const begunBy = versionOf(entries);
  if (begunBy !== version) {
    throw new RunError('run-of-other-version', {
      run: run.runId,
      version: begunBy ?? 'an unknown version',
      own: version,
    });
  }
  const asked = askedOf(entries);
  if (asked === null) throw new RunError('run-not-found', { what: 'run of a terminal', directory: run.directory });
  return runChosen({ runId: run.runId, asked }, projectDir);
}

function choose(runId: string | null, projectDir: string): RunFolder {
  const runs = listRuns(projectDir);
  const run = runs.findLast((one) => (runId === null ? !one.hasEnded && one.pid === null : one.runId === runId));
  if (run !== undefined) return run;
  const what = runId === null ? 'unfinished run' : `run "${runId}"`;
  throw new RunError('run-not-found', { what, directory: runsDirectory(projectDir) });
}
