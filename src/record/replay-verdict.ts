// What a replay showed, in words: the same, the first difference with its cause, or what it cannot tell.
import { describeFailure } from '../describe-failure.ts';
import type { JournalEntry } from '../events.ts';
import { formatCounted } from '../journal/format.ts';
import type { RunOutcome } from '../types.ts';
import { placeOf, type Comparison } from './compare-events.ts';
import { NotInJournal } from './offline-ports.ts';
import { isFromOutside, lastProcess } from './story-events.ts';

export interface Replayed {
  readonly text: string;
  /** True when nothing differed up to where the journal ends. */
  readonly same: boolean;
}

export interface ReplayEnd {
  /** The outcome of the replayed run, or what it threw. */
  readonly result: { readonly outcome: RunOutcome } | { readonly error: unknown };
  /** Entries that it did not tell again. */
  readonly untold: readonly JournalEntry[];
}

/** @param version the program's own */
export function verdictOf(
  entries: readonly JournalEntry[],
  comparison: Comparison,
  end: ReplayEnd & { readonly version: string },
): Replayed {
  const { same, words } = judge(entries, comparison, end);
  const count = `${formatCounted(comparison.sameRequests(), 'model request is', 'model requests are')} the same`;
  const begun = entries.find(({ event }) => event.type === 'run.started')?.event;
  const wrote = begun?.type === 'run.started' ? begun.version : 'an unknown version';
  const versions =
    same || wrote === end.version ? '' : `The journal was written by ai-implement ${wrote}; this is ${end.version}.\n`;
  return { same, text: `${count}${words}\n${versions}` };
}

interface Judgement {
  readonly same: boolean;
  readonly words: string;
}

function judge(entries: readonly JournalEntry[], comparison: Comparison, { result, untold }: ReplayEnd): Judgement {
  const difference = comparison.firstDifference();
  if (difference !== null) return { same: false, words: `; then the first difference:\n${difference}` };
  const missing = untold.find(({ seq }) => seq >= lastProcess(entries));
  if ('error' in result && result.error instanceof NotInJournal) {
    const wants = result.error.message;
    if (missing === undefined) return whereItEnds(entries, wants);
    return { same: false, words: `; then the run wants what its journal does not have:\n${wants}` };
  }
  if (missing !== undefined) {
    const { seq, event } = missing;
    return {
      same: false,
      words: `; then the run does not tell entry ${seq} any more: ${event.type} of ${placeOf(event)}.`,
    };
  }
  return compareEnds(entries, result);
}

const endOf = (entries: readonly JournalEntry[]): RunOutcome | null => {
  const event = entries.findLast((entry) => entry.event.type === 'run.ended')?.event;
  return event?.type === 'run.ended' ? event.outcome : null;
};

/** All that the journal has was told again; what comes next is not in it. */
function whereItEnds(entries: readonly JournalEntry[], wants: string): Judgement {
  const outcome = endOf(entries);
  if (outcome === null) return { same: true, words: `, up to where the run was killed (next: ${wants}).` };
  const start = lastProcess(entries);
  if (entries.some(({ event, seq }) => seq >= start && isFromOutside(event)))
    return { same: true, words: `, up to where the run was stopped (next: ${wants}).` };
  if (outcome.kind !== 'failed')
    return { same: false, words: `; then the run wants what its journal does not have:\n${wants}` };
  const error = firstLine(outcome.error);
  return { same: true, words: `, up to where the run failed in a way that its journal cannot repeat: ${error}` };
}

function compareEnds(entries: readonly JournalEntry[], result: ReplayEnd['result']): Judgement {
  const was = endOf(entries);
  const is = 'error' in result ? `failed: ${firstLine(describeFailure(result.error))}` : wordsOf(result.outcome);
  if (was === null) return { same: true, words: `, up to where the run was killed; it would have ended: ${is}` };
  const before = wordsOf(was);
  return before === is
    ? { same: true, words: `, and nothing differs. Outcome: ${is}` }
    : { same: false, words: `; but it ends otherwise.\n  journal: ${before}\n  now:     ${is}` };
}

function wordsOf(outcome: RunOutcome): string {
  if (outcome.kind === 'failed') return `failed: ${firstLine(outcome.error)}`;
  const branch = 'branch' in outcome && outcome.branch !== null ? ` on ${outcome.branch}` : '';
  return `${outcome.kind}${branch}${'reason' in outcome ? `: ${outcome.reason}` : ''}`;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
