// A session on the real adapter, a scripted server and a real tree, for tests of the loop.
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { startSession, type AgentSession, type SessionDeps, type SessionInput } from '../../src/agent/agent-session.ts';
import type { Model, Tree } from '../../src/ports.ts';
import type { Limits } from '../../src/types.ts';
import { call, fail, say, type Script, type ScriptedMessage, type Turn } from '../../testbed/model/script.ts';
import { roleOf, startModelBed, userSays, type ModelBed } from '../support/spine.ts';
import { buildToolhost, startTreeBed, type BuiltToolhost, type TreeBed } from '../support/tree-bed.ts';

export interface Talk {
  readonly bed: ModelBed;
  readonly tree: Tree;
  readonly session: AgentSession;
}

export interface TalkOptions {
  readonly judge?: SessionDeps['judge'];
  readonly describeWork?: SessionDeps['describeWork'];
  readonly signal?: AbortSignal;
  readonly limits?: Partial<Limits>;
  readonly input?: Partial<SessionInput>;
  /** Stands between the session and the adapter, for what no service on the wire would say. */
  readonly through?: (model: Model) => Model;
}

/** Sets up trees for a test file and ends what each test leaves behind. */
export function useTalks(): (turns: readonly Turn[], options?: TalkOptions) => Promise<Talk> {
  let toolhost: BuiltToolhost;
  let trees: TreeBed;
  let talk: Talk | undefined;
  beforeAll(async () => {
    toolhost = await buildToolhost();
    trees = await startTreeBed(
      { 'a.txt': 'alpha\n', 'b.txt': 'beta\n', 'src/count.ts': 'let n = 0;\n' },
      toolhost.path,
    );
  });
  afterAll(async () => {
    await trees.close();
    await toolhost.remove();
  });
  afterEach(async () => {
    // Whatever a test is about: the model's service never found a request to refuse.
    expect(talk?.bed.server.refusals ?? []).toEqual([]);
    await talk?.bed.close();
    await talk?.tree.close();
    talk = undefined;
  });
  return async (turns, options = {}) => {
    const bed = await startModelBed(oneAfterAnother(turns), options.limits);
    const tree = await trees.trees.open('TASK-001', trees.base);
    talk = { bed, tree, session: startSession(inputOf(tree, options), depsOf(bed, options)) };
    return talk;
  };
}

/** The turns in order, also where the conversation begins anew between. */
function oneAfterAnother(turns: readonly Turn[]): Script {
  const left = [...turns];
  return (request) => {
    const next = left.shift() ?? fail(400, { message: 'the script has no further turn' });
    return typeof next === 'function' ? next(request) : next;
  };
}

const inputOf = (tree: Tree, { signal, input }: TalkOptions): SessionInput => ({
  agent: 'TASK-001',
  role: roleOf('backend-dev'),
  opening: [userSays('The brief.'), userSays('Your task.')],
  sharedPrefixMessages: 0,
  tree,
  toolOptions: { owns: [], foreign: [], ...(signal === undefined ? {} : { signal }) },
  maxTurns: 20,
  ...input,
});

const depsOf = (bed: ModelBed, options: TalkOptions): SessionDeps => ({
  ...bed,
  model: options.through?.(bed.model) ?? bed.model,
  clock: systemClock,
  judge: options.judge ?? (() => Promise.resolve(null)),
  describeWork: options.describeWork ?? (() => Promise.resolve('nothing is changed yet')),
  ...(options.signal === undefined ? {} : { signal: options.signal }),
});

export const finish = (more = {}) =>
  call('finish', { status: 'done', summary: 'All done.', tests_run: ['npm test'], notes_for_dependents: '', ...more });
export const read = (...paths: readonly string[]) => call('read', { paths: paths.map((path) => ({ path })) });
export const bash = (command: string) => call('bash', { command });
export const write = (path: string, content: string) => call('write', { path, content });
export const edit = (path: string, old_string: string, new_string: string) =>
  call('edit', { path, edits: [{ old_string, new_string }] });

/** A reply that is reported to be so long, though its content is not. */
export const long = (reply: ScriptedMessage, outputTokens: number): ScriptedMessage => ({ ...reply, outputTokens });
export const cutOff = (reply: ScriptedMessage): ScriptedMessage => ({ ...reply, stopReason: 'max_tokens' });
export const outOfContext = (): ScriptedMessage => ({ ...say('And'), stopReason: 'model_context_window_exceeded' });

export const requests = ({ bed }: Talk) => bed.server.requests.map(({ request }) => request);
export const told = ({ bed }: Talk) => bed.reporter.of('agent.told').map(({ text }) => text);
