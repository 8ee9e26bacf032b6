// Rule `call-cycle`: the same few calls, round and round, with the same results.
import { CYCLE_LENGTHS } from './thresholds.ts';
import { callsOf, strongest, type CallRecord, type Rule, type Sign } from './turn-history.ts';

/** The most rounds of a cycle that the calls end with. Results are compared too, so a round that changes anything breaks it. */
export const callCycle: Rule = (history) => {
  const signatures = callsOf(history).map(({ call, result }) => call + result);
  return strongest(CYCLE_LENGTHS.map((length) => cycleAtEnd(signatures, length)));
};

function cycleAtEnd(signatures: readonly CallRecord['call'][], length: number): Sign | null {
  const round = signatures.slice(-length);
  // One call repeated is a rule of its own.
  if (round.length < length || new Set(round).size === 1) return null;
  let count = 0;
  while (isRound(signatures, round, count)) count += 1;
  return {
    rule: 'call-cycle',
    about: round.toSorted().join(' '),
    count,
    why: `the same ${length} calls went round ${count} times`,
    advice:
      'You are going in a circle: the same calls with the same results, three times over. Decide what you learnt from them ' +
      'and take a different step, or finish as blocked and say what stands in the way.',
  };
}

/** True when the calls, without the last `rounds` rounds, end with a round. */
function isRound(signatures: readonly string[], round: readonly string[], rounds: number): boolean {
  const start = signatures.length - round.length * (rounds + 1);
  return start >= 0 && round.every((signature, i) => signatures[start + i] === signature);
}
