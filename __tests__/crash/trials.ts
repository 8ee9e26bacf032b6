// Which kill points are tried, on which machine and by which way in.
import type { BedOptions } from './crash-bed.ts';
import { nameOf, pointsOf, type KillPoint } from './kill-point.ts';
import { onNewMachine } from './new-machine.ts';
import { asStep, fromTerminal, onSameMachine, type Way } from './same-machine.ts';
import type { Unbroken } from './unbroken.ts';

export interface Trial {
  readonly name: string;
  readonly kinds: readonly string[];
  /** @returns what is wrong after it */
  run(): Promise<readonly string[]>;
}

interface All {
  readonly terminal: Unbroken;
  readonly action: Unbroken;
}

const first = (): number => 1;
const middle = (count: number): number => Math.ceil(count / 2);
/** Not the very last: how often some kinds occur differs by one or two from run to run. */
const late = (count: number): number => Math.max(1, Math.floor(count * 0.85));

const at = (when: KillPoint['when'], kind: string, nth: number, more: Partial<KillPoint> = {}): KillPoint => ({
  ...{ when, kind, nth, all: false },
  ...more,
});
const both = (kind: string, nth: number, more: Partial<KillPoint> = {}): readonly KillPoint[] => [
  at('before', kind, nth, more),
  at('after', kind, nth, more),
];

/** @param quick every kind once, for each way of going on */
export function trialsOf({ terminal, action }: All, options: BedOptions, quick: boolean): readonly Trial[] {
  const patient: BedOptions = { ...options, patience: 'for the record' };
  const same = (where: string, way: Way, unbroken: Unbroken) => (points: readonly KillPoint[]) => ({
    name: `${where}, killed ${points.map(nameOf).join(', then ')}`,
    kinds: points.map(({ kind }) => kind),
    run: () => onSameMachine(points, way, unbroken, options),
  });
  const lost = (where: string, how: BedOptions) => (points: readonly KillPoint[]) => ({
    name: `${where}, killed ${points.map(nameOf).join(', then ')}`,
    kinds: points.map(({ kind }) => kind),
    run: () => onNewMachine(points, action, how),
  });
  const onNew = lost('new machine', patient);
  const inTerminal = same('terminal', fromTerminal, terminal);
  const asAction = same('same runner', asStep, action);
  return [
    ...terminalPoints(terminal, quick).map((point) => inTerminal([point])),
    ...resumedPoints.map((point) => inTerminal([at('after', 'model.asked', 9), point])),
    ...stepPoints.map((point) => asAction([point])),
    ...machinePoints(action, quick).map((point) => onNew([point])),
    ...continuedPoints.map((point) => onNew([at('after', 'merge.ended', 2, { all: true }), point])),
    ...hastyPoints.map((point) => lost('new machine, in haste', options)([point])),
  ];
}

function terminalPoints({ kinds }: Unbroken, quick: boolean): readonly KillPoint[] {
  const choose = (nthOf: (count: number) => number) => pointsOf(kinds, nthOf, { all: false, everyCall: !quick });
  const once = quick ? choose(middle) : [...choose(first), ...choose(middle)];
  // A line that a kill has torn; and a run that was told to stop, and was killed before it had.
  const torn = [at('within', 'tool.ended', 5), at('within', 'call.started git.push', 1)];
  const stopped = both('stop.requested', 1, { signal: { name: 'SIGTERM', at: 'check.ended' } });
  return distinct([...once, ...torn, ...stopped]);
}

/** In the second process: what only a run that goes on tells. The first one is killed with a call under way. */
const resumedPoints = [...both('run.resumed', 1), ...both('model.failed', 1)];

/** The action again on the machine where it was killed, alone or with all that it had started. */
const stepPoints: readonly KillPoint[] = [
  at('after', 'plan.accepted', 1),
  at('before', 'tool.ended', 8),
  at('within', 'model.replied', 6, { all: true }),
  at('after', 'merge.ended', 1, { all: true }),
  at('before', 'call.ended git.push', 2, { all: true }),
  at('before', 'call.ended github.openPullRequest', 1),
  at('before', 'run.ended', 1),
  ...both('stop.requested', 1, { signal: { name: 'SIGTERM', at: 'check.ended' } }),
];

function machinePoints({ kinds }: Unbroken, quick: boolean): readonly KillPoint[] {
  const choose = (nthOf: (count: number) => number) => pointsOf(kinds, nthOf, { all: true, everyCall: !quick });
  return distinct(quick ? choose(late) : [...choose(late), ...choose(middle)]);
}

/** In the second attempt: what only a run that takes over tells; and before it has landed anything itself. */
const continuedPoints = [...both('run.continued', 1, { all: true }), at('after', 'tool.ended', 3, { all: true })];

/** Where the model answers faster than the record is written: the result is on its branch before anybody waited for that. */
const hastyPoints = [
  at('before', 'call.ended git.push', 4, { all: true }),
  at('after', 'branch.pushed', 4, { all: true }),
  at('before', 'call.ended github.openPullRequest', 1, { all: true }),
  at('after', 'merge.ended', 2, { all: true }),
];

const distinct = (points: readonly KillPoint[]): readonly KillPoint[] => [
  ...new Map(points.map((point) => [nameOf(point), point])).values(),
];
