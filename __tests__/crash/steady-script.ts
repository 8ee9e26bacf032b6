// The demo's model, for runs that ask it twice: the same words to the same turn, and none before the record is ready.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { createScript } from '../../demo/script/script.ts';
import type { ParsedRequest } from '../../testbed/model/parse-request.ts';
import type { Script } from '../../testbed/model/script.ts';
import type { StateRecord } from '../../src/state/state-record.ts';
import { followRecord } from './read-record.ts';

/** Waits until the record in the repository tells what the run has done by then, at the turns where that is known. */
export type Patience = 'for the record';

/** Time before each reply: long enough that calls of agents overlap. */
const latencyMs = 15;
/** A record that is not written by then is not waited for: what comes of that is then judged. */
const longestMs = 20_000;

/** Who asks: `plan`, `review`, or the id of a task. */
export function askerOf({ ownText, outputSchema }: ParsedRequest): string {
  if (/^# Your part: you review a change/m.test(ownText)) return 'review';
  if (outputSchema !== null) return 'plan';
  return /^## Task (TASK-\d+):/m.exec(ownText)?.[1] ?? 'nobody';
}

/** Tasks that have landed before this one asks; who is not named asks before there is a plan. */
const landedBefore: Readonly<Record<string, number>> = { 'TASK-001': 0, 'TASK-002': 0, 'TASK-003': 2, review: 3 };

async function recordIsReady(asker: string, turn: number, read: () => Promise<StateRecord | null>): Promise<void> {
  const landed = landedBefore[asker];
  // The first turns of two tasks at once are to overlap with the writing of the record.
  if (landed === undefined || (landed === 0 && turn < 2)) return;
  for (let waited = 0; waited < longestMs; waited += 100) {
    const record = await read();
    if (record?.plan != null && (record.landed?.results.length ?? 0) >= landed) return;
    await sleep(100);
  }
}

/** @param root of the product @param bare the repository behind GitHub */
export function createSteadyScript(root: string, bare: string, patience?: Patience): Script {
  const known = new Map<string, ReturnType<Script>>();
  const fresh = createScript(join(root, 'demo/written'));
  const read = followRecord(bare);
  return async (request) => {
    const key = `${request.conversation} ${request.turn}`;
    const reply = known.get(key) ?? fresh(request);
    known.set(key, reply);
    if (patience !== undefined) await recordIsReady(askerOf(request), request.turn, read);
    const message = await reply;
    return message.kind === 'message' ? { ...message, latencyMs } : message;
  };
}
