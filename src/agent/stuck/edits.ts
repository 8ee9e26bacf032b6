// Rules about changes of files: `edit-failures` and `restored-change`.
import { endsOfLastTurn, strongest, type CallRecord, type Rule, type Sign } from './turn-history.ts';

/** Edits of one file that failed since the last one that went through. */
export const editFailures: Rule = (history) =>
  strongest(
    endsOfLastTurn(history).flatMap((calls) => (calls.at(-1)?.edits ?? []).map((path) => failuresOf(path, calls))),
  );

function failuresOf(path: string, calls: readonly CallRecord[]): Sign | null {
  const edits = calls.filter(({ edits: paths, kind }) => kind !== 'invalid' && paths.includes(path));
  const good = edits.findLastIndex(({ kind }) => kind === 'ok');
  const count = edits.length - 1 - good;
  if (count === 0) return null;
  return {
    rule: 'edit-failures',
    // A good edit between begins a new series, with a warning of its own.
    about: `${path} ${good}`,
    count,
    why: `${count} edits of ${path} in a row failed`,
    advice: `Your edits of ${path} failed three times. Read the region again as it is now, then \`write\` the file, or a smaller replacement with text copied from what you just read.`,
  };
}

/** The very same change made once more: something took it back between, so the agent goes to and fro. */
export const restoredChange: Rule = (history) => strongest(endsOfLastTurn(history).map(sameChanges));

function sameChanges(calls: readonly CallRecord[]): Sign | null {
  const last = calls.at(-1);
  if (last?.changes !== true) return null;
  const count = calls.filter((call, at) => call.changes && call.call === last.call && wasTouched(at, calls)).length;
  if (count === 0) return null;
  return {
    rule: 'restored-change',
    about: last.call,
    count,
    why: `it made the same change of ${last.edits.join(', ')} ${count} times`,
    advice: `You made this very change of ${last.edits.join(', ')} before and it was taken back since. Decide between the two states by what the tests say, and keep one.`,
  };
}

/** False for the same change once more with nothing between that could have taken it back: that undid nothing. */
function wasTouched(at: number, calls: readonly CallRecord[]): boolean {
  const change = calls[at];
  const before = calls.slice(0, at);
  const previous = before.findLastIndex(({ changes, call }) => changes && call === change?.call);
  if (previous === -1) return true;
  return before
    .slice(previous + 1)
    .some(
      ({ tool, changes, edits }) => tool === 'bash' || (changes && edits.some((path) => change?.edits.includes(path))),
    );
}
