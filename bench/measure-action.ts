// What the bundled action costs beside the floor, on one mock model: start, own time a turn, memory.
import { spawn } from 'node:child_process';
import { findChild, watchMemory } from './memory.ts';
import { startMockModel, type Exchange, type MockReply } from './mock-model.ts';
import { median } from './statistics.ts';
import { sampleFile, type ActionBed } from './action-bed.ts';

/** Turns with a command, in each timed conversation. */
const TURNS = 20;
/** Turns of the conversation whose bytes are counted. */
const LONG_TURNS = 59;

type Body = Readonly<Record<string, unknown>>;

/** Looks at one file a turn by a command, then ends by `finish` where there is such a tool. */
const agentReply =
  (turns: number) =>
  (body: Body): MockReply => {
    const messages = Array.isArray(body['messages']) ? body['messages'] : [];
    const turn = messages.filter((message) => Object(message).role === 'assistant').length;
    const command = `cat ${sampleFile(turn)}`;
    if (turn < turns) return { text: 'On.', calls: [{ name: 'bash', input: { command } }] };
    const hasFinish = JSON.stringify(body['tools'] ?? []).includes('"finish"');
    const finish = { status: 'done', summary: 'Nothing to change.', tests_run: [], notes_for_dependents: '' };
    return hasFinish ? { text: 'Done.', calls: [{ name: 'finish', input: finish }] } : { text: 'Done.' };
  };

/** A plan of so many tasks that may run at the same time. */
function planReply(tasks: number): MockReply {
  const task = (i: number) => ({
    task_id: `TASK-${i + 1}`,
    title: `Part ${i + 1}`,
    description: 'Do it.',
    assigned_to: 'backend-dev',
    dependencies: [],
    owns: [`src/part-${i}/**`],
    deliverables: [],
    acceptance: ['true'],
    estimated_turns: 20,
  });
  const plan = {
    summary: 'Parts.',
    kind: 'feature',
    tasks: Array.from({ length: tasks }, (_, i) => task(i)),
    decisions: [],
    contract: null,
  };
  return { text: JSON.stringify(plan) };
}

const isPlanning = (body: Body): boolean => JSON.stringify(body['output_config'] ?? {}).includes('json_schema');

export interface ActionFigures {
  readonly startMs: number;
  readonly turnMs: number;
  readonly ownMb: number;
  readonly toolhostsMb: number;
  /** Characters of system prompt and tools, as sent. */
  readonly fixedCharacters: number;
}

/** One run of the action with so many agents at once. */
export async function measureAction(bed: ActionBed, agents: number): Promise<ActionFigures> {
  const model = await startMockModel((body) => (isPlanning(body) ? planReply(agents) : agentReply(TURNS)(body)));
  const memory = watchMemory(() => findChild('action.cjs'));
  try {
    const { startedAt, result } = await bed.run(model.url);
    if (result.exitCode !== 0) throw new Error(`the action failed:\n${result.lines.join('\n')}`);
    const first = model.exchanges[0];
    if (first === undefined) throw new Error('the action asked the model nothing');
    const { system, tools } = first.body;
    return {
      startMs: first.arrivedAt - startedAt,
      turnMs: turnTime(model.exchanges.filter(({ body }) => !isPlanning(body))),
      ownMb: memory.ownMb,
      toolhostsMb: memory.childrenMb,
      fixedCharacters: JSON.stringify(system).length + JSON.stringify(tools).length,
    };
  } finally {
    memory.stop();
    model.close();
  }
}

/** Requests of one run with so many agents at once, in the order in which they came. */
export async function collectRequests(bed: ActionBed, agents: number, turns = LONG_TURNS): Promise<readonly Body[]> {
  const model = await startMockModel((body) => (isPlanning(body) ? planReply(agents) : agentReply(turns)(body)));
  try {
    const { result } = await bed.run(model.url);
    if (result.exitCode !== 0) throw new Error(`the action failed:\n${result.lines.join('\n')}`);
    return model.exchanges.map(({ body }) => body);
  } finally {
    model.close();
  }
}

/** One run of the 40-line loop. @param bundle path of its bundle */
export async function measureFloor(bundle: string, cwd: string): Promise<Pick<ActionFigures, 'startMs' | 'turnMs'>> {
  const model = await startMockModel(agentReply(TURNS));
  try {
    const startedAt = performance.now();
    await runFloor(bundle, cwd, model.url);
    const first = model.exchanges[0];
    if (first === undefined) throw new Error('the floor asked the model nothing');
    return { startMs: first.arrivedAt - startedAt, turnMs: turnTime(model.exchanges) };
  } finally {
    model.close();
  }
}

function runFloor(bundle: string, cwd: string, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bundle], {
      cwd,
      // As bare as the action's; with SHLVL, since bash reads ~/.bashrc when it is missing and stdin is a socket.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', SHLVL: '1', MODEL_URL: url },
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`the floor ended with ${code}`))));
  });
}

/** Median time between a reply and the next request: all that is not the model's. First turn left out (warm-up). */
function turnTime(exchanges: readonly Exchange[]): number {
  const gaps = exchanges.slice(2).map((exchange, i) => exchange.arrivedAt - (exchanges[i + 1]?.answeredAt ?? 0));
  return median(gaps);
}
