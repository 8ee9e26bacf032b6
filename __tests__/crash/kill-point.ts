// Where a run is killed, and the choice of such points from the journal of an unbroken run.
import { kindOf, typeOf } from './event-kind.ts';

/** Variable by which `kill-hook.ts` is told, as JSON. */
export const killPointName = 'CRASH_AT';
/** Names the variable with the folder of `rememberTests`. */
export const memoryName = 'CRASH_TEST_MEMORY';

export interface KillPoint {
  /** Before the event is written, after it, or with half of it written. */
  readonly when: 'before' | 'after' | 'within';
  /** See event-kind.ts. */
  readonly kind: string;
  /** Which event of that kind in the process, from 1. */
  readonly nth: number;
  /** True when all processes below it die with it, as when a machine is lost. */
  readonly all: boolean;
  /** A signal that it sends itself at each event of this kind, so that it is on its way to an end when it is killed. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly at: string };
}

export const nameOf = ({ when, kind, nth }: KillPoint): string => `${when} ${kind} (number ${String(nth)})`;

/** How often each kind occurs, in the order of the first of each. */
export function countKinds(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const kind = kindOf(line);
    if (kind !== null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Calls that change something outside: what of them is done when their end is not written is the question. */
const effects = ['git.push', 'github.createComment', 'github.openPullRequest'];

const isEffect = (kind: string): boolean => effects.some((effect) => kind.endsWith(` ${effect}`));

/** Before and after one event of every kind. @param nthOf which one, of how many there are */
export function pointsOf(
  counts: ReadonlyMap<string, number>,
  nthOf: (count: number) => number,
  options: { readonly all: boolean; readonly everyCall: boolean },
): readonly KillPoint[] {
  const chosen = [...counts].filter(([kind]) => typeOf(kind) === kind || options.everyCall || isEffect(kind));
  return chosen.flatMap(([kind, count]) =>
    (['before', 'after'] as const).map((when) => ({ when, kind, nth: nthOf(count), all: options.all })),
  );
}
