// How a run started, as its journal has it: what a replay needs besides the answers.
import * as z from 'zod/mini';
import type { Config } from '../config/config.ts';
import type { JournalEntry, RunEvent } from '../events.ts';
import type { PullRequest } from '../types.ts';

export interface StartedRun {
  readonly config: Config;
  readonly checkout: { readonly commit: string; readonly branch: string | null };
  readonly branch: string;
  readonly continues: PullRequest | null;
  readonly earlierRunIds: readonly string[];
}

const call = 'start';

export const startedEvent = (answer: StartedRun): RunEvent => ({ type: 'call.ended', call, answer });

/** Null for a run that never got so far, and one of a version that did not write it down. */
export function startedOf(entries: readonly JournalEntry[]): StartedRun | null {
  const found = entries.find(({ event }) => event.type === 'call.ended' && event.call === call)?.event;
  // The version of the journal vouches for its answers, as it does for its events.
  return found?.type === 'call.ended' ? z.parse(z.custom<StartedRun>(), found.answer) : null;
}
