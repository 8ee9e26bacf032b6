// Rules about whole turns: `silent-reply` and `no-progress`.
import type { Rule, TurnRecord } from './turn-history.ts';

/** Replies in a row of which nothing could be run. Each is answered, so each is a warning of its own. */
export const silentReplies: Rule = ({ turns }) => {
  const count = turns.length - 1 - turns.findLastIndex(({ silent }) => silent === null);
  if (count === 0) return null;
  const cut = turns.at(-1)?.silent === 'cut';
  return {
    rule: 'silent-reply',
    about: `${turns.length}`,
    count,
    why: cut
      ? `${count} replies in a row could not be run, the last as it was cut off`
      : `${count} replies in a row used no tool`,
    advice: cut
      ? 'Your reply was cut off at its length limit, so nothing of it was run. Do the step in smaller pieces.'
      : 'That reply called no tool. Go on with the task by calling tools, or call `finish` to end it.',
  };
};

/** Turns since the last that changed a file, looked at something new or failed in a new way. Waiting is left out. */
export const noProgress: Rule = ({ turns }) => {
  const seen = new Set<string>();
  const moved = turns.filter((turn) => !isWait(turn)).map((turn) => isNews(turn, seen));
  const count = moved.length - 1 - moved.lastIndexOf(true);
  if (count === 0) return null;
  return {
    rule: 'no-progress',
    about: `${moved.length - count}`,
    count,
    why: `${count} turns brought no change of a file, no new file read and no new test result`,
    advice:
      `For ${count} turns, as far as your calls show, no file was changed, no new file was read and no test failed in a new way. Make the change that you ` +
      'have in mind now and run its test, or finish as blocked and say what you would need.',
  };
};

const isWait = ({ calls }: TurnRecord): boolean => calls.length > 0 && calls.every(({ waits }) => waits);

/** True when the turn has something that was not there before; what it has is remembered. */
function isNews({ calls }: TurnRecord, seen: Set<string>): boolean {
  const facts = calls.flatMap(({ call, changes, looks, failure, kind }) => [
    ...(changes ? [call] : []),
    ...looks,
    ...(failure === null || kind === 'invalid' ? [] : [failure]),
  ]);
  const before = seen.size;
  for (const fact of facts) seen.add(fact);
  return seen.size > before;
}
