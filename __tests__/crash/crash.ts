// `npm run test:crash`: kills the process of a run before and after every kind of event, starts it again, and compares
// what came of it with an unbroken run.
import type { ChildProcess } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '../../src/events.ts';
import { usageOfJournal } from '../../src/money/usage-of-journal.ts';
import { openCrashBed } from './crash-bed.ts';

type Bed = Awaited<ReturnType<typeof openCrashBed>>;
interface Unbroken {
  readonly result: Awaited<ReturnType<Bed['result']>>;
  readonly requests: number;
  readonly costNanoUsd: number;
  readonly lines: readonly string[];
}

/** Kills when the journal has this many lines; resolves with how many it had then. */
interface KillPoint {
  readonly name: string;
  readonly lines: number;
}

/** Which of two agents' first calls writes the cache that they share is chance, and moves the cost by so much. */
const CACHE_SHARE = 0.05;

const typeOf = (line: string): string => /"event":\{"type":"([^"]+)"/.exec(line)?.[1] ?? 'header';

/** Before and after the first and a middle event of every kind. */
function killPoints(lines: readonly string[]): readonly KillPoint[] {
  const places = new Map<string, number[]>();
  lines.forEach((line, i) => places.set(typeOf(line), [...(places.get(typeOf(line)) ?? []), i]));
  const found = [...places].flatMap(([type, at]) => {
    const middle = at[Math.floor(at.length / 2)] ?? 0;
    return [...new Set([at[0] ?? 0, middle])].flatMap((i) => [
      { name: `before ${type} (line ${i + 1})`, lines: i },
      { name: `after ${type} (line ${i + 1})`, lines: i + 1 },
    ]);
  });
  return found.filter(
    ({ lines: n }, i) => n > 0 && n < lines.length && found.findIndex((one) => one.lines === n) === i,
  );
}

async function runUnbroken(root: string): Promise<Unbroken> {
  const bed = await openCrashBed(root);
  try {
    const { code, output } = await bed.run();
    if (code !== 0) throw new Error(`the unbroken run ended with ${String(code)}:\n${output}`);
    const replayed = await bed.replay();
    const wanted = `${bed.requests().length} model requests are the same, and nothing differs.`;
    if (!replayed.output.includes(wanted)) throw new Error(`the replay of the unbroken run said:\n${replayed.output}`);
    const { costNanoUsd } = usageOfJournal(bed.events());
    const lines = bed.journalText().trimEnd().split('\n');
    return { result: await bed.result(), requests: bed.requests().length, costNanoUsd, lines };
  } finally {
    await bed.close();
  }
}

/** Looks at the journal as often as the machine lets it. */
function killAt(lines: number, bed: Bed): (child: ChildProcess) => void {
  return (child) => {
    const look = (): void => {
      if (child.exitCode !== null) return;
      if (bed.journalText().split('\n').length > lines) child.kill('SIGKILL');
      else setTimeout(look, 1);
    };
    look();
  };
}

async function judge(point: KillPoint, unbroken: Unbroken, root: string): Promise<readonly string[]> {
  const bed = await openCrashBed(root);
  try {
    const killed = await bed.run(killAt(point.lines, bed));
    if (killed.code !== null) return [`it ended with ${String(killed.code)} before it could be killed`];
    const { code, output } = await bed.run();
    if (code !== 0) return [`the run that went on ended with ${String(code)}:\n${output.slice(-1500)}`];
    return await faultsOf(bed, unbroken);
  } finally {
    await bed.close();
  }
}

async function faultsOf(bed: Bed, unbroken: Unbroken): Promise<readonly string[]> {
  const events = bed.events();
  const faults: string[] = [];
  const expect = (what: string, is: unknown, wanted: unknown): void => {
    if (!isDeepStrictEqual(is, wanted)) faults.push(`${what}: ${JSON.stringify(is)}, wanted ${JSON.stringify(wanted)}`);
  };
  const lost = events.filter((event) => event.type === 'model.failed' && event.reason === 'lost').length;
  const result = await bed.result();
  expect('the result', result, unbroken.result);
  // A call that was announced may not have left yet when the process was killed.
  const requests = bed.requests().length;
  if (requests < unbroken.requests || requests > unbroken.requests + lost) {
    expect('model calls', requests, `${String(unbroken.requests)} to ${String(unbroken.requests + lost)}`);
  }
  const replies = events.filter((event) => event.type === 'model.replied');
  expect('replies', replies.length, unbroken.requests);
  const ended = events.flatMap((event) => (event.type === 'run.ended' ? [event.usage.costNanoUsd] : []));
  expect('money of the run', ended, [usageOfJournal(events).costNanoUsd]);
  const off = Math.abs(usageOfJournal(replies).costNanoUsd / unbroken.costNanoUsd - 1);
  if (off > CACHE_SHARE) faults.push(`money for replies is ${(off * 100).toFixed(1)} % off`);
  expect('commands run twice', twice(events), []);
  return faults;
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

async function main(): Promise<void> {
  const [, , root = '.', only = ''] = process.argv;
  const unbroken = await runUnbroken(root);
  const points = killPoints(unbroken.lines).filter(({ name }) => name.includes(only));
  let failed = 0;
  const waiting = [...points];
  const work = async (): Promise<void> => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      const faults = await judge(point, unbroken, root);
      if (faults.length > 0) failed += 1;
      console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} killed ${point.name}`);
      for (const fault of faults) console.log(`     ${fault}`);
    }
  };
  await Promise.all([work(), work()]);
  console.log(`${points.length} kill points`);
  console.log(`${points.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
