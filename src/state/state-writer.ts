// Writes a run's state record over what it knows of the branch, and heeds what somebody else wrote there meanwhile.
import type { Clock } from '../ports.ts';
import type { BranchFile } from './branch-file.ts';
import { formatStateRecord, parseStateRecord, type StateRecord } from './state-record.ts';
import { beatMs } from './work-claim.ts';

/** The record but for what the writer itself says in it. */
export type StateContent = Omit<StateRecord, 'version' | 'beatAtMs' | 'stop'>;

export interface StateWriterDeps {
  readonly file: BranchFile;
  readonly clock: Clock;
  /** The record of now, and the commits that must reach the remote with it. */
  readonly content: () => { readonly record: StateContent; readonly parents: readonly string[] };
  /** Takes secrets out of a text. */
  readonly clean: (text: string) => string;
  /** Somebody asked that the run stops. */
  readonly onStop: (by: string) => void;
  /** Another run has taken over; nothing is written any more. */
  readonly onLost: (runId: string) => void;
}

export interface StateWriter {
  /** One write over this commit (null: no branch); false when the branch points elsewhere. */
  take(expected: string | null): Promise<boolean>;
  touch(): void;
  /** Writes now. Where somebody else was first, their record is read and the write tried again, unless the run is lost. */
  write(): Promise<void>;
  /** Looks whether somebody wrote, and writes when something changed or a sign of life is due. */
  look(): Promise<void>;
  /** True once another run has taken over. */
  isLost(): boolean;
}

/** Times a write is tried again after somebody else's. */
const maxTries = 5;

/** Methods throw what git says. */
export function createStateWriter(deps: StateWriterDeps): StateWriter {
  const { file, clock } = deps;
  let known: string | null = null;
  let stop: StateRecord['stop'] = null;
  let [dirty, lost, writtenAtMs] = [false, false, 0];

  const take = async (expected: string | null): Promise<boolean> => {
    dirty = false;
    const { record, parents } = deps.content();
    const text = formatStateRecord({ ...record, stop, beatAtMs: clock.now() }, deps.clean);
    const commit = await file.write(text, parents, expected);
    if (commit === null) return false;
    known = commit;
    writtenAtMs = clock.now();
    return true;
  };
  const learn = async (): Promise<void> => {
    const there = await file.read();
    known = there?.commit ?? null;
    const record = there?.text == null ? null : parseStateRecord(there.text);
    if (record === null) return;
    if (record.runId !== deps.content().record.runId) {
      lost = true;
      deps.onLost(record.runId);
    } else if (record.stop !== null && stop === null) {
      stop = record.stop;
      deps.onStop(record.stop.by);
    }
  };
  const write = async (): Promise<void> => {
    try {
      for (let i = 0; i < maxTries && !lost; i++) {
        if (await take(known)) return;
        await learn();
      }
      dirty = !lost; // Tried again at the next look.
    } catch (error) {
      dirty = true;
      throw error;
    }
  };
  return {
    take,
    write,
    touch() {
      dirty = true;
    },
    look: async () => {
      if ((await file.head()) !== known) await learn();
      if (dirty || clock.now() - writtenAtMs >= beatMs) await write();
    },
    isLost: () => lost,
  };
}
