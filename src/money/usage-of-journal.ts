// What a run has spent by its journal: what was reported, and calls without an answer at their worst.
import type { RunEvent } from '../events.ts';
import type { Usage } from '../types.ts';
import { addUsage, atWorst, noUsage } from './usage.ts';

/**
 * What the ledger of a resumed run begins with. A call that was announced and has no answer may have been made, so it
 * counts as if it had used all that was reserved for it, for each try.
 */
export function usageOfJournal(events: Iterable<RunEvent>): Usage {
  let spent = noUsage;
  const unanswered = new Map<string, Usage>();
  for (const event of events) {
    if (event.type === 'model.asked') {
      const { reservedTokens: tokens, reservedNanoUsd: nanoUsd, maxTokens } = event;
      const worst = atWorst({ tokens, nanoUsd, maxTokens }, 1);
      unanswered.set(keyOf(event), addUsage(unanswered.get(keyOf(event)) ?? noUsage, worst));
    } else if (event.type === 'model.replied' || event.type === 'model.failed') {
      spent = addUsage(spent, event.usage);
      unanswered.delete(keyOf(event));
    }
  }
  return [...unanswered.values()].reduce(addUsage, spent);
}

const keyOf = ({ agent, turn }: { readonly agent: string; readonly turn?: number }): string => `${agent} ${turn ?? 0}`;
