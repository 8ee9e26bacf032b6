// What the parts of building a task share: what was given, what reaches the world, and how the work stands.
import type { SessionDeps, SessionDigest } from '../agent/agent-session.ts';
import type { Message } from '../messages.ts';
import type { DiffPolicy } from '../policy/diff-policy.ts';
import type { Git, SavedTree, Tree, Trees } from '../ports.ts';
import type {
  Check,
  DiffFinding,
  EditFormat,
  EscalationAction,
  FileChange,
  Plan,
  Role,
  Task,
  TaskResult,
} from '../types.ts';
import type { BrokenBy } from './judge-work.ts';

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
  /** True when the shared message tells how those checks stand, so that the task's own need not. */
  readonly briefed: boolean;
  readonly diffPolicy: DiffPolicy;
  /** Marks foreign text in prompts. */
  readonly nonce: string;
  readonly maxTurns: number;
  /** Most times the manager is asked for help. */
  readonly maxRetries: number;
  readonly editFormat?: EditFormat;
  /** Why finished work of this task is taken up again, for a new agent; null for the first. */
  readonly reopened: string | null;
  /** Turns that earlier agents of the task took: this one's are numbered on from there, and do not count them. */
  readonly turnsBefore: number;
  /** Commit of earlier work that this replaces on the branch, to stand as its second parent; null for none. */
  readonly resolves: string | null;
}

export type FindBlocks = (from: string, to: string) => Promise<readonly DiffFinding[]>;

export interface BuildDeps extends Omit<SessionDeps, 'judge' | 'describeWork'> {
  readonly git: Git;
  readonly trees: Trees;
  /** Runs acceptance commands in a tree and reports each. */
  readonly runAcceptance: (tree: Tree, task: Task) => Promise<readonly Check[]>;
  /** Of checks that fail with the work: the commands that fail in the same way on a commit. */
  readonly failsWithout: (commit: string, failing: readonly Check[]) => Promise<readonly string[]>;
  readonly brokenBy: BrokenBy;
  /** What the diff policy blocks in the change from one commit or tree to another. */
  readonly findBlocks: FindBlocks;
  /** The manager's answer to an agent that cannot go on; null when it cannot be had. */
  readonly askManager: (trouble: Trouble) => Promise<Guidance | null>;
  /** The role that plans; its model takes over where the manager says so. */
  readonly manager: Role;
  /** Those of the paths that the task may have besides its own: nobody else's, and not forbidden to all. */
  readonly grantPaths: (taskId: string, globs: readonly string[]) => readonly string[];
}

/** An agent that cannot go on, as the manager is told of it. */
export interface Trouble {
  readonly task: Task;
  /** Role that the agent works in, with the model and effort it has now. */
  readonly role: Role;
  /** Name of the stuck rule; else `blocked`, `needs_split` or `refused-work`. */
  readonly rule: string;
  /** What was seen, in one sentence. */
  readonly reason: string;
  /** The agent's own words; empty when it said nothing. */
  readonly said: string;
  readonly digest: SessionDigest;
  /** Acceptance commands as they were run last; empty before any was. */
  readonly checks: readonly Check[];
  /** Those of them that fail in the same way without the work. */
  readonly failsWithout: readonly string[];
  /** Changes so far, one line a file. */
  readonly work: string;
  readonly spent: { readonly costNanoUsd: number };
  /** What the agent was told for this task before. */
  readonly earlier: readonly string[];
}

export interface Guidance {
  readonly action: EscalationAction;
  /** What the agent is told; for `ask_person` the question. */
  readonly text: string;
  readonly rationale: string;
  /** Globs of `reassign_paths`; empty otherwise. */
  readonly paths: readonly string[];
  /** Commands of `change_acceptance`, in place of those that fail without the work; empty otherwise. */
  readonly acceptance: readonly string[];
}

export interface Work {
  readonly input: BuildInput;
  readonly deps: BuildDeps;
  readonly tree: Tree;
  /** The task, with the paths that the manager gave it meanwhile. */
  task: Task;
  /** What paths are compared with: the base of the task, or the merge it was put on. */
  against: string;
  parents: readonly string[];
  checks: readonly Check[];
  failsWithout: readonly string[];
  /** What was there when the work was judged last; accepted work is committed as this, whatever was left behind since. */
  judged: Changes | null;
  readonly guidance: Guidance[];
}

export interface Changes {
  readonly tree: string;
  readonly changed: readonly FileChange[];
  readonly refused: SavedTree['refused'];
}

/** What git finds changed in the tree now. */
export async function readChanges(work: Work): Promise<Changes> {
  const { tree, refused } = await work.tree.save();
  return { tree, refused, changed: await work.deps.git.changedFiles(work.against, tree) };
}
