// A run on recorded ports: what depends on the machine, on chance or on what was found at its first start is decided once.
import type { Keeping } from './keep-state.ts';
import type { Git } from './ports.ts';
import type { RecordedPorts } from './record/record-ports.ts';
import { noPreflight, type Preflight } from './preflight/preflight.ts';
import { run, type RunDeps, type RunRequest } from './run.ts';
import type { RunOutcome } from './types.ts';

export type RecordedRequest = Omit<RunRequest, 'environment' | 'nonce'>;

export interface RecordedDeps extends Omit<RunDeps, keyof RecordedPorts<Git> | 'keeping'> {
  readonly ports: RecordedPorts<Git>;
  readonly keeping: Keeping;
  /** Facts of the machine; asked at the first start only. */
  readonly environment: () => readonly string[];
  /** A new random text. */
  readonly nonce: () => string;
}

/** See `run`. Also rejects with what the journal of a replayed run does not have. */
export async function runRecorded(
  request: RecordedRequest,
  { ports, keeping, ...deps }: RecordedDeps,
): Promise<RunOutcome> {
  const { remember } = ports;
  // What was found at the first start decides: a run that was let in goes on, however many have begun since.
  const refusal = remember('runs today', () => keeping.refusal);
  refusal.catch(() => undefined); // Told where it is awaited.
  const [environment, nonce, earlier] = await Promise.all([
    remember('environment', async () => deps.environment()),
    remember('nonce', async () => deps.nonce()),
    remember('earlier work', async () => keeping.earlier),
  ]);
  return run(
    { ...request, environment, nonce },
    {
      ...deps,
      ...ports,
      preflight: rememberRights(deps.preflight ?? noPreflight, ports),
      keeping: { ...keeping, earlier, refusal, runs: () => remember('earlier runs', keeping.runs) },
    },
  );
}

/** A right that was missing ends a run, so a replay has to know. */
function rememberRights(preflight: Preflight, { rememberFailure }: RecordedPorts<Git>): Preflight {
  const rights = rememberFailure('rights', () => preflight.rights);
  rights.catch(() => undefined); // Told where it is awaited.
  return { ...preflight, rights };
}
