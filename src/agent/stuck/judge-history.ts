// Puts all stuck rules to a history: a stop before any warning, and each warning once.
import { callCycle } from './call-cycle.ts';
import { editFailures, restoredChange } from './edits.ts';
import { failingCalls, invalidCalls, timeouts } from './failing-calls.ts';
import { noProgress, silentReplies } from './progress.ts';
import { sameCall, sameFailure } from './same-call.ts';
import { thresholds, type RuleName, type Threshold } from './thresholds.ts';
import type { Rule, Sign, TurnHistory } from './turn-history.ts';

/** The more a rule knows of what is wrong, the earlier it stands: one warning is given at a time. */
const rules: readonly Rule[] = [
  silentReplies,
  invalidCalls,
  editFailures,
  timeouts,
  sameFailure,
  sameCall,
  callCycle,
  restoredChange,
  failingCalls,
  noProgress,
];

/** Rules whose count means nothing when a command has changed the files meanwhile, which only the tree can tell. */
const TREE_BOUND: ReadonlySet<RuleName> = new Set<RuleName>(['same-call', 'call-cycle', 'no-progress']);

export const isTreeBound = (rule: RuleName): boolean => TREE_BOUND.has(rule);

export interface HistoryVerdict {
  /** The first rule that says stop; null when none does. */
  readonly stop: Sign | null;
  /** What is to be warned of and was not yet, the most telling first. */
  readonly nudges: readonly Sign[];
}

/** What a count means by the thresholds; null while it is below both. */
export function levelOf({ rule, count }: Sign): 'nudge' | 'stop' | null {
  const { nudge, stop }: Threshold = thresholds[rule];
  if (count >= stop) return 'stop';
  return nudge !== null && count >= nudge ? 'nudge' : null;
}

/** Judges the history after a turn. Pure: the same history is judged the same. */
export function judgeHistory(history: TurnHistory): HistoryVerdict {
  const signs = rules.map((rule) => rule(history)).filter((sign) => sign !== null);
  const isTold = ({ rule, about }: Sign): boolean =>
    history.nudges.some((nudge) => nudge.rule === rule && nudge.about === about);
  return {
    stop: signs.find((sign) => levelOf(sign) === 'stop') ?? null,
    nudges: signs.filter((sign) => levelOf(sign) === 'nudge' && !isTold(sign)),
  };
}
