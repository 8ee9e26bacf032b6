// Where a run of the action has its files, and whether it goes on with those of a killed process: a runner of one's own
// may start a step again on the same machine.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLocked, lockRun } from './adapters/run-lock.ts';
import { makeScratchFolder } from './adapters/scratch-folder.ts';
import { removeFilled } from './adapters/tree-place.ts';
import { readJournal } from './journal/read-journal.ts';
import { fitsRequest, type AskedRun } from './record/asked-run.ts';
import { startOf } from './run-id.ts';

export interface Attempt {
  /** RUNNER_TEMP. */
  readonly tempDir: string;
  /** `1234-2` */
  readonly id: string;
  readonly version: string;
}

export interface ActionPlace {
  readonly runId: string;
  readonly asked: AskedRun;
  /** Starts of this attempt before this one. */
  readonly earlierRunIds: readonly string[];
  /** Journal, report and logs; kept. */
  readonly runDir: string;
  /** Git objects of the run, beside the journal which names them. */
  readonly storeDir: string;
  /** Trees; removed at the end. */
  readonly scratchDir: string;
  /**
   * Removes what nobody needs any more, and lets the next process in. The objects of a run that has ended are on its
   * branches; only one that was killed needs them where they are.
   */
  leave(hasEnded: boolean): Promise<void>;
}

/**
 * Takes the attempt's lock and finds its place: the journal of a killed process that was asked the same is gone on with;
 * beside any other one a new start is made.
 * @param asked how this process was asked; awaited when the lock is taken
 * @throws RunError `run-is-going`, `journal-unreadable`, `journal-version`, or what `asked` rejects with
 */
export async function openPlace({ tempDir, id, version }: Attempt, asked: Promise<AskedRun>): Promise<ActionPlace> {
  asked.catch(() => undefined); // Told below, unless the lock is the first to fail.
  const runs = join(tempDir, 'ai-implement');
  const wasCut = isLocked(join(runs, id));
  const unlock = lockRun(join(runs, id), id);
  let scratchDir: string | null = null;
  const leave = async (runDir: string, hasEnded: boolean): Promise<void> => {
    if (scratchDir !== null) await removeFilled([scratchDir]);
    if (hasEnded) await rm(join(runDir, 'store'), { recursive: true, force: true });
    unlock();
    // What came to nothing leaves nothing behind.
    for (const directory of [runDir, join(runs, id)])
      if (!existsSync(journalIn(directory))) rmSync(directory, { recursive: true, force: true });
  };
  try {
    scratchDir = await makeScratchFolder(tempDir, id);
    const request = await asked;
    const start = chooseStart((n) => journalIn(join(runs, startOf(id, n))), { asked: request, version, wasCut });
    const runId = startOf(id, start);
    const runDir = join(runs, runId);
    const earlierRunIds = Array.from({ length: start - 1 }, (_none, i) => startOf(id, i + 1));
    const places = { runId, asked: request, earlierRunIds, runDir, storeDir: join(runDir, 'store'), scratchDir };
    return { ...places, leave: (hasEnded) => leave(runDir, hasEnded) };
  } catch (error) {
    await leave(join(runs, id), false);
    throw error;
  }
}

const journalIn = (runDir: string): string => join(runDir, 'journal.jsonl');

interface Question {
  readonly asked: AskedRun;
  readonly version: string;
  /** The process before this one was killed: the newest journal is its own, and lacks the last words at least. */
  readonly wasCut: boolean;
}

/** Number of the start that has no journal yet, or one to go on with. */
function chooseStart(pathOf: (start: number) => string, { asked, version, wasCut }: Question): number {
  for (let start = 1; ; start += 1) {
    const text = existsSync(pathOf(start)) ? readFileSync(pathOf(start), 'utf8') : '';
    // Where not even its first line is whole, the journal begins again.
    if (!text.includes('\n')) return start;
    const { entries } = readJournal(text);
    const isCut = wasCut && !existsSync(pathOf(start + 1));
    const hasEnded = !isCut && entries.some(({ event }) => event.type === 'run.ended');
    if (!hasEnded && fitsRequest(entries, asked, version)) return start;
  }
}
