// Rules about calls that fail one after another: `failing-calls`, `timeouts`, `invalid-call`.
import { FAILING_WINDOW } from './thresholds.ts';
import { callsOf, type Rule } from './turn-history.ts';

/** Nearly all of the last calls failed, each in its own way. Counts windows: one, and one more after each warning. */
export const failingCalls: Rule = (history) => {
  const nudges = history.nudges.filter(({ rule }) => rule === 'failing-calls');
  const window = callsOf(history)
    .slice(nudges.at(-1)?.afterCalls ?? 0)
    .slice(-FAILING_WINDOW.calls);
  if (window.length < FAILING_WINDOW.calls) return null;
  const failures = window.filter(({ kind }) => kind !== 'ok').length;
  if (failures < FAILING_WINDOW.failures) return null;
  const count = nudges.length + 1;
  return {
    rule: 'failing-calls',
    about: `window ${count}`,
    count,
    why: `${failures} of its last ${window.length} calls failed, also after a warning`,
    advice:
      `${failures} of your last ${window.length} calls failed. Stop and read what they said: check the paths, the working ` +
      'directory and the tools that are there, then take one small step that is sure to work.',
  };
};

/** Commands in a row that met their time limit; calls of other tools between do not count. */
export const timeouts: Rule = (history) => {
  const commands = callsOf(history).filter(({ tool }) => tool === 'bash');
  const count = commands.length - 1 - commands.findLastIndex(({ kind }) => kind !== 'timed-out');
  if (count === 0) return null;
  return {
    rule: 'timeouts',
    about: `${commands.length - count}`,
    count,
    why: `${count} commands in a row met their time limit`,
    advice:
      'Two commands in a row met their time limit. Run less of it (one test file, one package), make sure that it waits for ' +
      'no input and starts no server that stays, or set a longer `timeout_s` where the work is known to be long.',
  };
};

/** Replies in a row with nothing but calls that could not be run as they were. */
export const invalidCalls: Rule = ({ turns }) => {
  const isInvalid = (turn: (typeof turns)[number]) =>
    turn.calls.length > 0 && turn.calls.every(({ kind }) => kind === 'invalid');
  const count = turns.length - 1 - turns.findLastIndex((turn) => !isInvalid(turn));
  if (count === 0) return null;
  const why = `${count} replies in a row called unknown tools or gave invalid arguments`;
  return { rule: 'invalid-call', about: `${turns.length - count}`, count, why, advice: '' };
};
