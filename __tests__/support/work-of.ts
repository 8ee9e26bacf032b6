// How much a piece of code does, in blocks of its source that were entered: a count that no clock and no load changes.
import { Session } from 'node:inspector/promises';

export interface WorkCounter {
  /** Entries of all blocks of the counted files that running `act` takes. Work inside of built-in functions is not seen. */
  count(act: () => void): Promise<number>;
  close(): Promise<void>;
}

/** Counts in files whose address holds `part`. They have to be imported after this, or nothing is counted in them. */
export async function countWork(part: string): Promise<WorkCounter> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const take = async (): Promise<number> => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const functions = result.filter(({ url }) => url.includes(part)).flatMap((script) => script.functions);
    return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
  };
  return {
    async count(act) {
      await take();
      act();
      return take();
    },
    async close() {
      await session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
