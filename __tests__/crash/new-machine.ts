// Killed with its machine: the next attempt has the repository and nothing else. What its record tells is taken over, and
// only the rest is done again.
import { usageOfJournal } from '../../src/money/usage-of-journal.ts';
import type { StateRecord } from '../../src/state/state-record.ts';
import { REPOSITORY } from '../../demo/request.ts';
import { openCrashBed, type BedOptions, type CrashBed, type Machine } from './crash-bed.ts';
import { eventsOf, requestsOf, resultOf, type Counts } from './crash-facts.ts';
import { createFaults, type Faults } from './faults.ts';
import type { KillPoint } from './kill-point.ts';
import { readRecord } from './read-record.ts';
import type { Unbroken } from './unbroken.ts';

/** Loses a machine at each point, one attempt after the other; the attempt after the last comes to its end. */
export async function onNewMachine(
  points: readonly KillPoint[],
  unbroken: Unbroken,
  options: BedOptions,
): Promise<readonly string[]> {
  const bed = await openCrashBed(options);
  try {
    const faults = createFaults();
    for (const [i, point] of points.entries()) {
      const { code, output } = await bed.action(await bed.newMachine(), i + 1, point);
      if (code !== null) return [`it ended with ${String(code)} before it could be killed:\n${output.slice(-1500)}`];
    }
    // What the dead process had sent is still taken by the server.
    await bed.github.settled();
    const record = await readRecord(bed.github.bareRepository(REPOSITORY));
    const before = bed.model.requests.length;
    const machine = await bed.newMachine();
    const ended = await bed.action(machine, points.length + 1);
    if (ended.code !== 0) return [`the next attempt ended with ${String(ended.code)}:\n${ended.output.slice(-1500)}`];
    faults.same('the result', whole(await resultOf(bed)), whole(unbroken.result));
    faults.same('model calls', requestsOf(bed, before), callsAfter(record, unbroken.requests));
    await judgeMoney(bed, machine, record, faults);
    return faults.found;
  } finally {
    await bed.close();
  }
}

/** A task that is done again starts from what has landed by then, so its own branch may hold more than it did. */
const whole = ({ trees, ...result }: Unbroken['result']) => ({
  ...result,
  trees: Object.entries(trees).map(([name, tree]) => (name.startsWith('ai/agents/') ? name : `${name} ${tree}`)),
});

/** What is asked again: all that had not landed in the record. Without a plan in it the run starts afresh. */
function callsAfter(record: StateRecord | null, unbroken: Counts): Counts {
  if (record === null || record.plan === null) return unbroken;
  const known = ['plan', ...(record.landed?.results ?? []).map(({ task }) => task.id)];
  return Object.fromEntries(Object.entries(unbroken).filter(([asker]) => !known.includes(asker)));
}

/** All that was on record counts, calls under way at their worst, and on top of it what this attempt spent itself. */
async function judgeMoney(bed: CrashBed, machine: Machine, before: StateRecord | null, faults: Faults): Promise<void> {
  const after = await readRecord(bed.github.bareRepository(REPOSITORY));
  const own = usageOfJournal(eventsOf(machine));
  faults.same('the record at the end', [after?.phase, after?.outcome !== 'partial'], ['ended', true]);
  const goesOn = before?.plan != null;
  faults.same('calls in all', after?.usage.requests, own.requests + (goesOn ? before.usage.requests : 0));
  faults.same('money in all', after?.usage.costNanoUsd, own.costNanoUsd + (goesOn ? before.usage.costNanoUsd : 0));
}
