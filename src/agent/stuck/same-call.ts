// Rules `same-call` and `same-failure`: one call, made again and again with one result.
import { endsOfLastTurn, isEqual, strongest, type CallRecord, type Rule, type Sign } from './turn-history.ts';

const READ_ONLY: ReadonlySet<string> = new Set(['read', 'search', 'plan', 'finish']);

/** The same call with the same result, and no call between that could have changed a file. */
export const sameCall: Rule = (history) => strongest(endsOfLastTurn(history).map(repeatsAtEnd));

function repeatsAtEnd(calls: readonly CallRecord[]): Sign | null {
  const last = calls.at(-1);
  // A good edit changes the file each time; the same `write` over again changes nothing.
  if (last === undefined || last.kind === 'invalid' || (last.changes && last.tool !== 'write')) return null;
  let count = 0;
  for (const call of calls.toReversed()) {
    if (isEqual(call, last)) count += 1;
    else if (!READ_ONLY.has(call.tool)) break;
  }
  return {
    rule: 'same-call',
    about: last.call + last.result,
    count,
    why: `the same call gave the same result ${count} times`,
    advice:
      'You made the same call three times and got the same result, with nothing changed between. It will not change: ' +
      'try another way, or finish as blocked and say what stands in the way.',
  };
}

/** The same call failing in the same way each time it was made, whatever was changed between. */
export const sameFailure: Rule = (history) => strongest(endsOfLastTurn(history).map(failuresAtEnd));

function failuresAtEnd(calls: readonly CallRecord[]): Sign | null {
  const last = calls.at(-1);
  if (last === undefined || last.failure === null || last.kind === 'invalid') return null;
  const made = calls.filter(({ call }) => call === last.call);
  const other = made.findLastIndex(({ failure }) => failure !== last.failure);
  const count = made.length - 1 - other;
  return {
    rule: 'same-failure',
    about: last.call + last.failure,
    count,
    why: `the same call failed in the same way ${count} times`,
    advice:
      'This call has now failed three times in the very same way, so what you changed between did not touch the cause. ' +
      'Look at the first failure itself before you change more. If it failed so before your work, leave it and run a narrower command.',
  };
}
