// Failures that a run does not stand by when it goes on after a kill: nobody went on from them, so what failed is tried
// again. Those that somebody went on from are part of the story, as answers are.
import type { JournalEntry, RunEvent } from '../events.ts';

/**
 * Entries of a process's failures that the next one makes anew: calls that failed, but for those that stand, and requests to
 * the model after whose failure the agent told nothing more, or that were cut short by the end of the run. Announcements of
 * such requests are among them.
 * @param endsInKill the entries are those of a killed process, which another one goes on from now
 */
export function forgottenFailures(
  entries: readonly JournalEntry[],
  { endsInKill }: { readonly endsInKill: boolean },
): ReadonlySet<JournalEntry> {
  const forgotten = new Set<JournalEntry>();
  let process = emptyProcess();
  for (const entry of entries) {
    if (entry.event.type === 'run.resumed') {
      for (const one of failuresOf(process)) forgotten.add(one);
      process = emptyProcess();
    } else note(entry, process);
  }
  if (endsInKill) for (const one of failuresOf(process)) forgotten.add(one);
  return forgotten;
}

interface Process {
  /** What is forgotten whatever follows. */
  readonly calls: JournalEntry[];
  /** Announcements of each request that has no answer yet. */
  readonly asked: Map<string, JournalEntry[]>;
  /** By agent: a failed request with its announcements, as long as nothing more was told by the agent. */
  readonly failed: Map<string, readonly JournalEntry[]>;
}

const emptyProcess = (): Process => ({ calls: [], asked: new Map(), failed: new Map() });

const failuresOf = ({ calls, failed }: Process): readonly JournalEntry[] => [...calls, ...[...failed.values()].flat()];

function note(entry: JournalEntry, { calls, asked, failed }: Process): void {
  const { event } = entry;
  if (event.type === 'call.failed' && event.stands !== true) calls.push(entry);
  const teller = tellerOf(event);
  if (teller === null || isLoss(event)) return;
  failed.delete(teller);
  if (event.type !== 'model.asked' && event.type !== 'model.replied' && event.type !== 'model.failed') return;
  const call = `${event.agent} ${event.requestHash ?? event.turn ?? ''}`;
  const announced = asked.get(call) ?? [];
  if (event.type === 'model.asked') return void asked.set(call, [...announced, entry]);
  asked.delete(call);
  if (event.type === 'model.replied') return;
  if (event.reason === 'aborted') calls.push(...announced, entry);
  else failed.set(teller, [...announced, entry]);
}

/** Told by the process that goes on, of what the one before it left open. */
const isLoss = (event: RunEvent): boolean => event.type === 'model.failed' && event.reason === 'lost';

/** Whose event it is: an agent's, or a task's, whose agent has its name. */
function tellerOf(event: RunEvent): string | null {
  if (event.type === 'tree.saved') return null;
  if (event.type === 'task.ended') return event.result.task.id;
  if ('agent' in event) return event.agent;
  return 'taskId' in event ? event.taskId : null;
}
