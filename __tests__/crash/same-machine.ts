// Killed and started again where it was: not one reply is lost, and nothing is done twice but what was in flight.
import { readdirSync } from 'node:fs';
import type { RunEvent } from '../../src/events.ts';
import { usageOfJournal } from '../../src/money/usage-of-journal.ts';
import { openCrashBed, type BedOptions, type CrashBed, type Ended, type Machine } from './crash-bed.ts';
import { eventsOf, requestsOf, resultOf } from './crash-facts.ts';
import { createFaults, type Faults } from './faults.ts';
import type { KillPoint } from './kill-point.ts';
import type { Unbroken } from './unbroken.ts';

/** How the run is started, each time: from a terminal, or as the same step of the same attempt. */
export type Way = (bed: CrashBed, machine: Machine, point: KillPoint | null) => Promise<Ended>;

export const fromTerminal: Way = (bed, machine, point) => bed.terminal(machine, point);
export const asStep: Way = (bed, machine, point) => bed.action(machine, 1, point);

/** Which of two agents' first calls writes the cache that they share is chance, and moves the cost by so much. */
const cacheShare = 0.05;
/** A call that is asked again reads from the cache what the lost one has written there, and is cheaper by so much. */
const cheaperShare = 0.15;

/** Kills one process after the other, each at its point, then lets one come to its end. @returns what is wrong then */
export async function onSameMachine(
  points: readonly KillPoint[],
  way: Way,
  unbroken: Unbroken,
  options: BedOptions,
): Promise<readonly string[]> {
  const bed = await openCrashBed(options);
  try {
    const machine = await bed.newMachine();
    for (const point of points) {
      const { code, output } = await way(bed, machine, point);
      if (code !== null) return [`it ended with ${String(code)} before it could be killed:\n${output.slice(-1500)}`];
    }
    const { code, output } = await way(bed, machine, null);
    if (code !== 0) return [`the run that went on ended with ${String(code)}:\n${output.slice(-1500)}`];
    const faults = createFaults();
    faults.same('the result', await resultOf(bed), unbroken.result);
    judgeCalls(bed, eventsOf(machine), unbroken, faults);
    judgeMoney(eventsOf(machine), unbroken, faults);
    faults.same('commands run twice', twice(eventsOf(machine)), []);
    faults.same('left in TMPDIR', readdirSync(machine.temporary), []);
    const left = readdirSync(machine.runnerTemp, { recursive: true, withFileTypes: true });
    const kept = /^(ai-implement|101-1|journal\.jsonl(\.torn)?|report\.html|logs|\d+-[\w-]+\.txt)$/;
    faults.same(
      'left in RUNNER_TEMP',
      left.map(({ name }) => name).filter((name) => !kept.test(name)),
      [],
    );
    return faults.found;
  } finally {
    await bed.close();
  }
}

/** A call that was announced may not have left yet when the process was killed. */
function judgeCalls(bed: CrashBed, events: readonly RunEvent[], unbroken: Unbroken, faults: Faults): void {
  const is = requestsOf(bed);
  for (const [asker, calls] of Object.entries(unbroken.requests)) {
    const agent = { plan: 'manager', review: 'reviewer' }[asker] ?? asker;
    const lost = events.filter((one) => one.type === 'model.failed' && one.reason === 'lost' && one.agent === agent);
    faults.within(`model calls of ${asker}`, is[asker] ?? 0, calls, calls + lost.length);
  }
  const all = Object.values(unbroken.requests).reduce((sum, calls) => sum + calls, 0);
  faults.same('replies', events.filter(({ type }) => type === 'model.replied').length, all);
}

function judgeMoney(events: readonly RunEvent[], unbroken: Unbroken, faults: Faults): void {
  const ended = events.flatMap((event) => (event.type === 'run.ended' ? [event.usage.costNanoUsd] : []));
  // Killed between its end and its last words it is told again.
  faults.same('money of the run', ended.at(-1), usageOfJournal(events).costNanoUsd);
  const replies = usageOfJournal(events.filter(({ type }) => type === 'model.replied')).costNanoUsd;
  faults.within('money for replies', replies / unbroken.costNanoUsd, 1 - cheaperShare, 1 + cacheShare);
}

/** Commands of agents that were answered as run more than once. */
function twice(events: readonly RunEvent[]): readonly string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const event of events) {
    if (event.type !== 'tool.ended' || event.tool !== 'bash' || event.content.startsWith('Interrupted')) continue;
    const key = `${event.agent} ${event.toolUseId}`;
    if (seen.has(key)) found.push(key);
    seen.add(key);
  }
  return found;
}
