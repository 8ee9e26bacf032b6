// Composition of the job that only builds: its store holds pushes back, and at its end lies what the other job needs.
import { writeBundle } from './adapters/git-bundle.ts';
import type { GitStore } from './adapters/git-store.ts';
import type { JournalFile } from './adapters/journal-file.ts';
import { sha256, sha256OfFile } from './adapters/result-files.ts';
import { systemClock } from './adapters/system-clock.ts';
import { writeTextFile } from './adapters/text-files.ts';
import { handOver, type HandedOver } from './hand-over.ts';
import { holdBack } from './hold-back.ts';
import { keepForHandOver, type HandOverKeeping } from './keep-for-hand-over.ts';
import type { KeepStateInput } from './keep-state.ts';
import { failedOutcome } from './failed-outcome.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { StopReason } from './stop-run.ts';
import type { RunOutcome, Trigger } from './types.ts';

export interface HandOverPlace {
  readonly trigger: Trigger;
  readonly runId: string;
  /** Made when there is something to leave. Absent where the run publishes by itself. */
  readonly resultDir?: string;
}

export interface HandOverParts {
  readonly git: GitStore;
  readonly sink: { readonly plain: (text: string) => string };
  readonly stop: AbortController;
}

export interface HandOver {
  /** For the run: its pushes change nothing outside. */
  readonly git: GitStore;
  readonly keep: (input: KeepStateInput) => HandOverKeeping;
  /** Leaves what there is by now; null when there is nothing. @throws what git and the disk say */
  readonly leave: (outcome: RunOutcome) => Promise<HandedOver | null>;
}

/** Null where the run publishes by itself. */
export function openHandOver(
  { resultDir: directory, ...about }: HandOverPlace,
  { git: store, sink, stop }: HandOverParts,
  journal: JournalFile,
): HandOver | null {
  if (directory === undefined) return null;
  const { git, branches } = holdBack(store);
  const end = (by: string): void => stop.abort({ by, hurried: false } satisfies StopReason);
  let keeping: HandOverKeeping | null = null;
  return {
    git,
    keep: (input) => {
      journal.emit({ type: 'work.held-back' });
      keeping = keepForHandOver(input, { git, clock: systemClock, reporter: journal, stop: end });
      return keeping;
    },
    leave: (outcome) => {
      const spent = usageOfJournal(journal.entries().map(({ event }) => event));
      const base = keeping?.base() ?? null;
      return handOver(
        { ...about, directory, base, branches: branches(), outcome, state: journal.state(), spent },
        { clean: sink.plain, writeText, writeBundle: bundleWriter(git.storePath) },
      );
    },
  };
}

/** Leaves the work and tells the run. Work that could not be left is lost with the machine: the run has failed then. */
export async function leaveWork(
  outcome: RunOutcome,
  handing: HandOver | null,
  journal: JournalFile,
): Promise<{ readonly outcome: RunOutcome; readonly handedOver: HandedOver | null }> {
  try {
    const handedOver = (await handing?.leave(outcome)) ?? null;
    if (handedOver !== null) journal.emit({ type: 'work.handed-over', ...handedOver });
    return { outcome, handedOver };
  } catch (error) {
    return { outcome: failedOutcome(error, journal.state()), handedOver: null };
  }
}

function writeText(path: string, text: string): string {
  writeTextFile(path, text);
  return sha256(text);
}

const bundleWriter =
  (gitDir: string) =>
  async (path: string, base: string, branches: readonly string[]): Promise<string> => {
    await writeBundle(gitDir, path, { base, branches });
    return sha256OfFile(path);
  };
