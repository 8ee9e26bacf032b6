// Who works on a task: one conversation, or a fresh one that takes over from it on another model.
import { startSession, type AgentSession, type SessionDigest, type SessionEnd } from '../agent/agent-session.ts';
import { pathWords } from '../agent/fence.ts';
import type { Message } from '../messages.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import type { Reporter, ToolCallOptions } from '../ports.ts';
import type { Check, Effort, FileChange, Role, Usage } from '../types.ts';
import { judgeFinish } from './judge-finish.ts';
import { taskMessage } from './task-prompt.ts';
import { readChanges, type Work } from './work.ts';

export interface TaskAgent {
  /** Goes on to the next end, with `told` before it; `effort` holds from then on. */
  proceed(told?: string, effort?: Effort): Promise<SessionEnd>;
  /** Leaves the conversation and goes on in a new one, in the same tree. */
  handOver(role: Role, told: string): Promise<SessionEnd>;
  role(): Role;
  digest(): SessionDigest;
  /** Over all conversations of the task. */
  spent(): { readonly turns: number; readonly usage: Usage };
}

/** The agent of a task; nothing is asked before `proceed`. */
export function startTaskAgent(work: Work): TaskAgent {
  const { input } = work;
  let usage = noUsage;
  let turnsBefore = 0;
  let role = input.role;
  const reporter = counted(
    work,
    (one) => (usage = addUsage(usage, one)),
    () => input.turnsBefore + turnsBefore,
  );
  let session = open(work, { role, told: input.reopened, maxTurns: input.maxTurns }, reporter);
  return {
    proceed(told, effort) {
      if (effort !== undefined) role = { ...role, effort };
      return session.proceed(told, { effort: role.effort });
    },
    handOver(next, told) {
      turnsBefore += session.turns();
      role = next;
      const all = input.reopened === null ? told : `${input.reopened}\n\n${told}`;
      session = open(work, { role, told: all, maxTurns: Math.max(1, input.maxTurns - turnsBefore) }, reporter);
      return session.proceed();
    },
    role: () => role,
    digest: () => session.digest(),
    spent: () => ({ turns: turnsBefore + session.turns(), usage }),
  };
}

interface Opening {
  readonly role: Role;
  /** What the agent is told after its task; null for nothing. */
  readonly told: string | null;
  readonly maxTurns: number;
}

function open(work: Work, { role, told, maxTurns }: Opening, reporter: Reporter): AgentSession {
  const { input, deps, tree } = work;
  const failsBefore = input.baseline.filter(failsWithNames).map(({ command }) => command);
  const prompt = { ...input, task: work.task, failsBefore, baseline: input.briefed ? [] : input.baseline };
  return startSession(
    {
      agent: work.task.id,
      role,
      opening: [input.shared, taskMessage(prompt), ...(told === null ? [] : [userMessage(told)])],
      sharedPrefixMessages: 0,
      tree,
      toolOptions: toolOptionsOf(work),
      maxTurns,
      ...(input.editFormat === undefined ? {} : { editFormat: input.editFormat }),
    },
    {
      ...deps,
      reporter,
      judge: (claims) => judgeFinish(work, claims),
      describeWork: async () => describeChanges((await readChanges(work)).changed),
    },
  );
}

/** Where a check names what fails, new failures can be told from old ones: see `isAccepted`. */
const failsWithNames = ({ exitCode, failures }: Check): boolean => exitCode !== 0 && failures.length > 0;

const userMessage = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

function toolOptionsOf(work: Work): ToolCallOptions {
  const { plan, diffPolicy } = work.input;
  const { signal } = work.deps;
  const contractPaths = plan.contract?.files.map((file) => file.path) ?? [];
  return {
    // Read at each call: the manager may give the task more paths.
    get owns() {
      return work.task.owns;
    },
    foreign: [
      ...contractPaths.map((glob) => ({ glob, owner: 'the contract' })),
      ...diffPolicy.protectedPaths.map((glob) => ({
        glob,
        except: diffPolicy.exclude,
        owner: 'the maintainers (protected path)',
      })),
    ],
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Lines of a change list that a model is shown: more is noise to whoever has to judge the state of a task. */
const CHANGE_LINES = 40;

/** Changed files as `git diff --stat` would tell them, one a line, the sum last. */
export function describeChanges(changed: readonly FileChange[]): string {
  if (changed.length === 0) return 'nothing is changed yet';
  const lines = changed.map(
    ({ path, status, addedLines, deletedLines }) => `${pathWords(path)} | ${status} +${addedLines} -${deletedLines}`,
  );
  const rest = lines.length - CHANGE_LINES;
  return [...lines.slice(0, CHANGE_LINES), ...(rest > 0 ? [`... and ${rest} more files`] : [])].join('\n');
}

/** Counts the usage of one agent from its own events on their way to the journal; its turns go on where others ended. */
function counted({ task, deps }: Work, use: (usage: Usage) => void, turnsBefore: () => number): Reporter {
  return {
    emit(event) {
      const own = 'agent' in event && event.agent === task.id;
      if (own && (event.type === 'model.replied' || event.type === 'model.failed')) use(event.usage);
      deps.reporter.emit(own && 'turn' in event ? { ...event, turn: event.turn + turnsBefore() } : event);
    },
  };
}
