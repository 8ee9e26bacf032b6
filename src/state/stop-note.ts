// The word that stops a run which keeps no record of itself, since its job may not write: a file on its state branch.
// Whoever works on the same looks there.
import * as z from 'zod/mini';
import type { Clock } from '../ports.ts';
import type { BranchFile } from './branch-file.ts';

/** Of a state branch, beside the record. */
export const stopFile = 'stop.json';

const noteShape = z.object({ version: z.literal(1), by: z.string().check(z.maxLength(100)), atMs: z.number() });

/** Times it is tried again after somebody else has written. */
const maxTries = 5;

/** How often it is looked for, in milliseconds: as a run with a record does. */
const usualLookMs = 15_000;

/** @throws what git says, or an Error when the branch changes faster than it can be written */
export async function leaveStop(file: BranchFile, by: string, nowMs: number): Promise<void> {
  const text = `${JSON.stringify({ version: 1, by, atMs: nowMs })}\n`;
  for (let i = 0; i < maxTries; i++) {
    const there = await file.read();
    const parents = there === null ? [] : [there.commit];
    if ((await file.write(text, parents, there?.commit ?? null)) !== null) return;
  }
  throw new Error('The branch changed each time before the wish to stop could be written.');
}

export interface StopWatch {
  readonly file: BranchFile;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly onStop: (by: string) => void;
  /** Told once when the branch cannot be read; it is looked at again all the same. */
  readonly onFailed: (error: unknown) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly lookMs?: number;
}

/** Looks for a word that is left from now on; one that was there before was for another run. Never rejects. */
export async function watchForStop({ file, clock, signal, ...watch }: StopWatch): Promise<void> {
  let known: string | null | undefined;
  let failed = false;
  while (!signal.aborted) {
    try {
      const head = await file.head();
      const by = known === undefined || head === known ? null : parseNote((await file.read())?.text ?? '');
      known = head;
      if (by !== null) return watch.onStop(by);
    } catch (error) {
      if (!failed) watch.onFailed(error);
      failed = true;
    }
    await clock.sleep(watch.lookMs ?? usualLookMs, signal).catch(() => undefined);
  }
}

/** Who left the word; null for a file that is none. */
function parseNote(text: string): string | null {
  try {
    return noteShape.safeParse(JSON.parse(text)).data?.by ?? null;
  } catch {
    return null;
  }
}
