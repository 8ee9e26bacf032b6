// `/ai-implement stop`: asks the run that is at work to stop, by writing so into its record. It looks there.
import type { BranchFile } from './branch-file.ts';
import { formatStateRecord, parseStateRecord } from './state-record.ts';
import { isAtWork } from './work-claim.ts';

export type StopAnswer = { readonly kind: 'asked'; readonly runId: string } | { readonly kind: 'nobody' };

/** Times it is tried again after the run itself has written. */
const maxTries = 5;

/** @throws what git says; RunError-less Error when the record changes faster than it can be written. */
export async function requestStop(
  file: BranchFile,
  by: string,
  { nowMs, clean }: { readonly nowMs: number; readonly clean: (text: string) => string },
): Promise<StopAnswer> {
  for (let i = 0; i < maxTries; i++) {
    const there = await file.read();
    const record = there?.text == null ? null : parseStateRecord(there.text);
    if (there === null || record === null) return { kind: 'nobody' };
    if (!isAtWork(record, { runId: '', earlierRunIds: [] }, nowMs)) return { kind: 'nobody' };
    const { runId } = record;
    if (record.stop !== null) return { kind: 'asked', runId };
    const text = formatStateRecord({ ...record, stop: { by, atMs: nowMs } }, clean);
    // The record's own commit stays reachable, and with it all that a later start needs.
    if ((await file.write(text, [there.commit], there.commit)) !== null) return { kind: 'asked', runId };
  }
  throw new Error('The record of the run changed each time before the wish to stop could be written.');
}
