// A run that nobody kills: what all others are compared with.
import { usageOfJournal } from '../../src/money/usage-of-journal.ts';
import { openCrashBed, type BedOptions, type CrashBed, type Ended, type Machine } from './crash-bed.ts';
import { eventsOf, journalOf, journalsOf, requestsOf, resultOf, type Counts } from './crash-facts.ts';
import { countKinds } from './kill-point.ts';

export interface Unbroken {
  readonly result: Awaited<ReturnType<typeof resultOf>>;
  readonly requests: Counts;
  readonly costNanoUsd: number;
  /** How often each kind of event occurs in its journal. */
  readonly kinds: ReadonlyMap<string, number>;
}

type Start = (bed: CrashBed, machine: Machine) => Promise<Ended>;

export async function runUnbroken(options: BedOptions, start: Start): Promise<Unbroken> {
  const bed = await openCrashBed(options);
  try {
    const machine = await bed.newMachine();
    const { code, output } = await start(bed, machine);
    if (code !== 0) throw new Error(`the unbroken run ended with ${String(code)}:\n${output}`);
    return {
      result: await resultOf(bed),
      requests: requestsOf(bed),
      costNanoUsd: usageOfJournal(eventsOf(machine)).costNanoUsd,
      kinds: countKinds(journalOf(machine).split('\n')),
    };
  } finally {
    await bed.close();
  }
}

/** The terminal's, which is then replayed offline: as many requests, and all the same. */
export const inTerminal: Start = async (bed, machine) => {
  const ended = await bed.terminal(machine);
  if (ended.code !== 0) return ended;
  const replayed = await bed.terminal(machine, null, ['replay', journalsOf(machine)[0] ?? '']);
  const wanted = `${String(bed.model.requests.length)} model requests are the same, and nothing differs.`;
  return replayed.output.includes(wanted) ? ended : { ...replayed, code: -1 };
};

export const asAction: Start = (bed, machine) => bed.action(machine, 1);
