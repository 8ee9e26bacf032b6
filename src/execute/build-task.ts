// One task from an empty tree to a commit on its own branch. Whatever ends it, its work is committed and kept.
import { startSession, type AgentSession, type SessionDeps, type SessionEnd } from '../agent/agent-session.ts';
import type { FinishInput } from '../agent/tools/finish.ts';
import type { Message } from '../messages.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import type { Git, Reporter, SavedTree, Tree, Trees } from '../ports.ts';
import type { Check, Claims, FileChange, Plan, Role, Task, TaskResult, TaskStatus, Usage } from '../types.ts';
import { findMarkers } from './find-markers.ts';
import {
  acceptanceFault,
  emptinessFault,
  isAccepted,
  markerFault,
  ownershipFault,
  pathFaults,
  type BrokenBy,
  type Fault,
} from './judge-work.ts';
import { taskMessage } from './task-prompt.ts';

export interface BuildInput {
  readonly task: Task;
  readonly role: Role;
  readonly plan: Plan;
  readonly branch: string;
  /** Integration head the task starts from. */
  readonly baseCommit: string;
  /** Message shared by all agents (brief and request). */
  readonly shared: Message;
  readonly before: readonly TaskResult[];
  readonly baseline: readonly Check[];
  readonly protectedPaths: readonly string[];
  readonly maxTurns: number;
}

export interface BuildDeps extends Omit<SessionDeps, 'judge' | 'describeWork'> {
  readonly git: Git;
  readonly trees: Trees;
  readonly reporter: Reporter;
  /** Runs acceptance commands in a tree and reports each. */
  readonly runAcceptance: (tree: Tree, task: Task) => Promise<readonly Check[]>;
  readonly brokenBy: BrokenBy;
}

/** A built task whose agent can still be asked to mend its work. */
export interface BuiltTask {
  readonly result: TaskResult;
  /**
   * Puts the tree to `treeish`, tells the agent what is wrong there and lets it go on; the outcome is committed on
   * `parents` and the branch moves to it.
   */
  rework(treeish: string, parents: readonly string[], told: string): Promise<TaskResult>;
  close(): Promise<void>;
}

interface Work {
  readonly input: BuildInput;
  readonly deps: BuildDeps;
  readonly tree: Tree;
  readonly usage: () => Usage;
  /** What paths are compared with: the base of the task, or the merge it was put on. */
  against: string;
  parents: readonly string[];
  checks: readonly Check[];
  /** What was there when the work was judged last; accepted work is committed as this, whatever was left behind since. */
  judged: Changes | null;
}

interface Changes {
  readonly tree: string;
  readonly changed: readonly FileChange[];
  readonly refused: SavedTree['refused'];
}

/** Builds a task. Rejects only for what is nobody's fault in the run (a dead toolhost, a bug). */
export async function buildTask(input: BuildInput, deps: BuildDeps): Promise<BuiltTask> {
  const { task, role, branch, baseCommit } = input;
  deps.reporter.emit({ type: 'task.started', taskId: task.id, role: role.id, branch, baseCommit });
  const counted = countUsage(task.id, deps.reporter);
  const tree = await deps.trees.open(task.id, baseCommit);
  const work: Work = {
    input,
    deps,
    tree,
    usage: counted.usage,
    against: baseCommit,
    parents: [baseCommit],
    checks: [],
    judged: null,
  };
  const session = startTaskSession(work, counted.reporter);
  const result = await concludeStretch(work, session, await session.proceed());
  return {
    result,
    async rework(treeish, parents, told) {
      await tree.reset(treeish);
      work.against = parents[0] ?? baseCommit;
      work.parents = parents;
      return concludeStretch(work, session, await session.proceed(told));
    },
    close: () => tree.close(),
  };
}

function startTaskSession(work: Work, reporter: Reporter): AgentSession {
  const { input, deps, tree } = work;
  const contractPaths = input.plan.contract?.files.map((file) => file.path) ?? [];
  return startSession(
    {
      agent: input.task.id,
      role: input.role,
      opening: [input.shared, taskMessage(input)],
      sharedPrefixMessages: 0,
      tree,
      toolOptions: {
        owns: input.task.owns,
        foreign: [
          ...contractPaths.map((glob) => ({ glob, owner: 'the contract' })),
          ...input.protectedPaths.map((glob) => ({ glob, owner: 'the maintainers (protected path)' })),
        ],
        ...(deps.signal === undefined ? {} : { signal: deps.signal }),
      },
      maxTurns: input.maxTurns,
    },
    { ...deps, reporter, judge: (claims) => judge(work, claims), describeWork: () => describeWork(work) },
  );
}

/** The changes since the task's start by git, a line for each file. */
async function describeWork(work: Work): Promise<string> {
  const { changed } = await readChanges(work);
  if (changed.length === 0) return 'nothing is changed yet';
  return changed.map((file) => `${file.path} | ${file.status} +${file.addedLines} -${file.deletedLines}`).join('\n');
}

/** Null accepts; a text goes back to the agent as the result of `finish`, and one line of it to the run. */
async function judge(work: Work, claims: FinishInput): Promise<string | null> {
  work.judged = await readChanges(work);
  const fault = await findFault(work, work.judged, claims);
  if (fault === null) return null;
  const { kind, detail, told } = fault;
  work.deps.reporter.emit({ type: 'task.handed-back', taskId: work.input.task.id, kind, detail });
  return told;
}

async function findFault(work: Work, changes: Changes, claims: FinishInput): Promise<Fault | null> {
  const { input, deps } = work;
  const { changed, refused } = changes;
  const fault =
    ownershipFault([...refused, ...pathFaults(changed, rulesOf(input))]) ??
    markerFault(await findMarkers(changes, work.parents, deps.git)) ??
    emptinessFault(changed, claims.summary);
  if (fault !== null) return fault;
  work.checks = await deps.runAcceptance(work.tree, input.task);
  return acceptanceFault(work.checks.filter((check) => !isAccepted(check, input.baseline, deps.brokenBy)));
}

/** Commits what is there and says how the stretch ended. */
async function concludeStretch(work: Work, session: AgentSession, end: SessionEnd): Promise<TaskResult> {
  const { input, deps } = work;
  const { status, reason, claims } = judgeEnd(end);
  const saved = end.ended === 'finished' && work.judged !== null ? work.judged : await readChanges(work);
  const foul = pathFaults(saved.changed, rulesOf(input)).map(({ path }) => path);
  // Unfinished work is kept, but never what it may not touch: its branch is pushed.
  const tree = foul.length === 0 ? saved.tree : await deps.git.restore(saved.tree, work.against, foul);
  const changed = foul.length === 0 ? saved.changed : await deps.git.changedFiles(work.against, tree);
  const commit = changed.length > 0 || work.parents.length > 1 ? await commitWork(work, tree, status) : null;
  const result: TaskResult = {
    task: input.task,
    status,
    branch: input.branch,
    commit,
    changedFiles: changed,
    claims: claims === null ? null : toClaims(claims),
    checks: work.checks,
    turns: session.turns(),
    usage: work.usage(),
    reason: reason === null || foul.length === 0 ? reason : `${reason} Left out, as not its own: ${foul.join(', ')}.`,
  };
  deps.reporter.emit({ type: 'task.ended', result });
  return result;
}

async function readChanges(work: Work): Promise<Changes> {
  const { tree, refused } = await work.tree.save();
  return { tree, refused, changed: await work.deps.git.changedFiles(work.against, tree) };
}

async function commitWork({ input, deps, parents }: Work, tree: string, status: TaskStatus): Promise<string> {
  const { task, role, branch } = input;
  const mark = status === 'completed' ? '' : ' (unfinished)';
  const subject = `${task.title.replace(/\s+/g, ' ').slice(0, 60)}${mark}`;
  const commit = await deps.git.commit(
    tree,
    parents,
    `${subject}\n\n${task.id} by ${role.id}, made by ai-implement.\n`,
  );
  await deps.git.setBranch(branch, commit);
  return commit;
}

function judgeEnd(end: SessionEnd): { status: TaskStatus; reason: string | null; claims: FinishInput | null } {
  switch (end.ended) {
    case 'finished':
      return { status: 'completed', reason: null, claims: end.claims };
    case 'blocked':
      return {
        status: 'partial',
        reason: `The agent is blocked: ${end.claims.question ?? end.claims.summary}`,
        claims: end.claims,
      };
    case 'refused-work':
      return {
        status: 'failed',
        reason: `It was handed back too often. Last: ${firstLine(end.why)}`,
        claims: end.claims,
      };
    case 'limit':
      return {
        status: 'partial',
        reason: `${end.limit.limit} (${end.limit.value}) is reached: ${end.limit.spent} used.`,
        claims: null,
      };
    case 'turns':
      return {
        status: 'partial',
        reason: 'The turn limit of the task (coordination.max_iterations) is reached.',
        claims: null,
      };
    case 'stuck':
      return { status: 'partial', reason: `The agent was stuck: ${end.why}.`, claims: null };
    case 'model-failed':
      return { status: 'partial', reason: `The model did not answer: ${end.reply.message}`, claims: null };
    case 'cancelled':
      return { status: 'partial', reason: 'The run was stopped.', claims: null };
  }
}

function rulesOf({ task, plan, protectedPaths }: BuildInput) {
  return { task, protectedPaths, contractPaths: plan.contract?.files.map((file) => file.path) ?? [] };
}

/** Counts the usage of one agent from its own events on their way to the journal. */
function countUsage(agent: string, reporter: Reporter): { reporter: Reporter; usage: () => Usage } {
  let usage = noUsage;
  return {
    usage: () => usage,
    reporter: {
      emit(event) {
        if ((event.type === 'model.replied' || event.type === 'model.failed') && event.agent === agent) {
          usage = addUsage(usage, event.usage);
        }
        reporter.emit(event);
      },
    },
  };
}

const toClaims = (claims: FinishInput): Claims => ({
  summary: claims.summary,
  testsRun: claims.tests_run,
  notes: claims.notes_for_dependents,
});

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
