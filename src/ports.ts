// The seams between what we decide and what touches the world. Made real only in adapters/.
import type { FileChange, Issue, PullRequest, SandboxFacts, Usage } from './types.ts';
import type { RunEvent } from './events.ts';
import type { ContentBlock, Message, StopReason } from './messages.ts';

// ---- git: a private bare object store; never runs git on an agent's files

export interface TreeEntry {
  readonly path: string;
  /** Octal git mode: 100644, 100755, 120000 or 160000. */
  readonly mode: string;
  readonly id: string;
  readonly sizeBytes: number;
}

/** One path that differs between two trees, by raw mode and id. Null stands for a side that has no such path. */
export interface ChangedEntry {
  readonly path: string;
  /** Where a renamed file was. */
  readonly previousPath: string | null;
  readonly oldMode: string | null;
  readonly newMode: string | null;
  readonly oldId: string | null;
  readonly newId: string | null;
  /** Of the new side; 0 where there is none, or a gitlink. */
  readonly sizeBytes: number;
}

export interface MergeResult {
  /** Tree of the merge; where `conflicts` is not empty, the files named there carry conflict markers. */
  readonly tree: string;
  readonly conflicts: readonly string[];
}

export interface BranchUpdate {
  readonly branch: string;
  readonly commit: string;
  /** The value the remote branch must still have (null: must not exist). Refused otherwise. */
  readonly expected: string | null;
}

/** Commits and trees are named by full object ids. Every method throws RunError only for what a user can mend. */
export interface Git {
  /** Directory of the bare store. */
  readonly storePath: string;
  /** Content of one file of a commit; null when there is none (or it is not a regular file). */
  readFile(commit: string, path: string): Promise<string | null>;
  listFiles(commit: string): Promise<readonly TreeEntry[]>;
  /** Where any of the words stands in files of the commit (fixed strings, case ignored), with the text that matched. */
  grep(
    commit: string,
    words: readonly string[],
  ): Promise<readonly { readonly path: string; readonly line: number; readonly text: string }[]>;
  treeOf(commit: string): Promise<string>;
  /** A tree like the commit's, with these files written over it. */
  writeFiles(commit: string, files: readonly { readonly path: string; readonly content: string }[]): Promise<string>;
  /** The tree with these paths as they are in `from` (gone where it lacks them). */
  restore(tree: string, from: string, paths: readonly string[]): Promise<string>;
  commit(tree: string, parents: readonly string[], message: string): Promise<string>;
  merge(ours: string, theirs: string): Promise<MergeResult>;
  /** True when `ancestor` is reachable from `commit` (or is it). */
  isAncestor(ancestor: string, commit: string): Promise<boolean>;
  changedFiles(from: string, to: string): Promise<readonly FileChange[]>;
  diff(from: string, to: string): Promise<string>;
  /** What differs between two commits or trees, whatever attributes and filters would make of it. */
  changedEntries(from: string, to: string): Promise<readonly ChangedEntry[]>;
  readBlob(id: string): Promise<Uint8Array>;
  /** Commits of `head` that `base` does not reach, newest first, at most `max`. */
  commitsBetween(
    base: string,
    head: string,
    max: number,
  ): Promise<readonly { readonly id: string; readonly parents: readonly string[] }[]>;
  /** Points a branch of the store at a commit. */
  setBranch(branch: string, commit: string): Promise<void>;
  /** The remote's (or, in a terminal run, the user's repository's) branch head; null when there is none. */
  remoteBranch(branch: string): Promise<string | null>;
  /** Brings a branch of the remote into the store and returns its head. */
  fetch(branch: string): Promise<string>;
  push(updates: readonly BranchUpdate[]): Promise<void>;
  /** Asks the remote whether a push would be let in, without changing anything; throws what `push` would. */
  checkPush(): Promise<void>;
}

// ---- trees: an agent's files, and the credential-free process that touches them

export interface CommandSpec {
  readonly command: string;
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CommandResult {
  /** Null when the command was killed (time limit or abort). */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  /** stdout and stderr as they came, escape codes removed, at most 1 MiB (the middle is left out). */
  readonly output: string;
}

export interface ToolResult {
  readonly content: string;
  readonly isError: boolean;
  /** Number of the call in its tree, from 1, where calls are recorded. */
  readonly call?: number;
}

/** What was read back from a tree: the git tree it makes, and paths refused with the reason (never imported). */
export interface SavedTree {
  readonly tree: string;
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

/** One agent's files. Nothing outside may assume where they lie or that they are a full copy. */
export interface Tree {
  /** One of the file and command tools: bash, read, search, edit, apply_patch, write. Never throws for what a model can mend. */
  call(tool: string, input: unknown, options: ToolCallOptions): Promise<ToolResult>;
  /**
   * Says that what `read` has shown may no longer be in the model's conversation (it was shortened, or a new one begins):
   * later calls show it again. Calls made after this one see it.
   */
  forget?(): void;
  run(spec: CommandSpec, signal?: AbortSignal): Promise<CommandResult>;
  /** Reads the files back into the store by plumbing. */
  save(): Promise<SavedTree>;
  /** Makes the files equal to a git tree or commit. */
  reset(treeish: string): Promise<void>;
  /** Ends its processes and removes its files. */
  close(): Promise<void>;
}

export interface ToolCallOptions {
  /** Globs that `edit` and `write` may touch; empty means all. */
  readonly owns: readonly string[];
  /** Globs that they may not touch but for the exceptions, each with who owns it. */
  readonly foreign: readonly { readonly glob: string; readonly except?: readonly string[]; readonly owner: string }[];
  readonly signal?: AbortSignal;
}

export interface Trees {
  /** What keeps commands in. Rejects with RunError `no-sandbox` when nothing does. */
  sandbox(): Promise<SandboxFacts>;
  /** A tree of a commit, with the dependencies that `setup` installed. `name` is for people (`TASK-001`). */
  open(name: string, commit: string): Promise<Tree>;
  /** Takes the dependencies that lie installed in the checkout, when they are this commit's; false when there are none. */
  reuse(commit: string): Promise<boolean>;
  /** Installs dependencies for the base commit, once; later trees get them. Null when there is no setup command. */
  setup(commit: string, command: string | null, timeoutMs: number, signal?: AbortSignal): Promise<CommandResult | null>;
  /**
   * Ends all trees, and makes sure that nothing of theirs still runs: before anything is published. Rejects with RunError
   * `sandbox-leftover` when something does.
   */
  quiesce(): Promise<void>;
  /** Ends all trees and processes, and removes their files. */
  close(): Promise<void>;
}

// ---- model

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly model: string;
  readonly maxTokens: number;
  readonly system: string;
  readonly tools: readonly ToolDefinition[];
  /** `none` keeps the tools in the prefix (one shared cache entry) but asks for a plain answer. */
  readonly toolChoice: 'auto' | 'none';
  readonly messages: readonly Message[];
  /** Index of the message whose last block ends the prefix shared by all agents; a cache breakpoint goes there. */
  readonly sharedPrefixMessages: number;
  /** JSON schema that the reply's text must fit; null for free text. */
  readonly outputSchema: Readonly<Record<string, unknown>> | null;
  readonly effort: 'low' | 'medium' | 'high';
  /** Most input tokens, as reserved: what a lost attempt is settled at. Absent: one for each byte of the request. */
  readonly inputUpperTokens?: number;
  /**
   * To be called before a try that follows one whose reply was lost: reserves the same once more. Null, or the name of the
   * limit that forbids the try. No part of what is asked. Absent: tries are not held against limits.
   */
  readonly reserveAgain?: () => string | null;
}

export type ModelReply =
  | {
      readonly kind: 'reply';
      readonly content: readonly ContentBlock[];
      readonly stopReason: StopReason;
      readonly usage: Usage;
      readonly durationMs: number;
      /**
       * Tokens that the conversation holds after this reply: reported, or estimated where the server reports none. Lost
       * attempts, which are in `usage`, are no part of it. For deciding when it is full, never for money.
       */
      readonly contextTokens?: number;
    }
  | {
      readonly kind: 'failed';
      /** `auth`, `unknown-model` and `spend-limit` are the user's to mend; `overloaded` and `network` outlasted our retries. */
      readonly reason:
        'auth' | 'unknown-model' | 'spend-limit' | 'overloaded' | 'network' | 'invalid-request' | 'aborted';
      readonly message: string;
      readonly usage: Usage;
    };

export interface Model {
  /** Never throws for an expected failure. Attempts again by itself; each attempt is priced. */
  send(request: ModelRequest, signal?: AbortSignal): Promise<ModelReply>;
  /** Input and output together; from the service when it has said so by then, else from the dated table. */
  contextWindowTokens?(model: string): number;
  /** Most input tokens of a request as the service counts them, for nothing; null when it does not say. */
  countTokens?(request: ModelRequest): Promise<number | null>;
}

// ---- GitHub

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

/** An account on GitHub. Logins can change hands; the number cannot. */
export interface Account {
  readonly login: string;
  readonly id: number;
}

/** One change of an issue's text. `at` is ISO; `by` is a login, null for an account that is gone. */
export interface TextEdit {
  readonly part: 'title' | 'body';
  readonly at: string;
  readonly by: string | null;
}

export interface IssueEdits {
  /** Whose token asked. */
  readonly viewer: Account;
  /** In no order; the newest of the body may be there twice. */
  readonly edits: readonly TextEdit[];
  /** False when there are more than these. */
  readonly isWhole: boolean;
}

/** What of the protection of a branch our token was shown. */
export interface BranchGuard {
  /** Classic protection. */
  readonly isProtected: boolean;
  /** Types of the active rules, as `pull_request` or `deletion`. */
  readonly rules: readonly string[];
}

export interface SavedComment {
  readonly id: number;
  readonly url: string;
}

export interface GitHub {
  /** The actor's role on the repository. Throws on any failure: the caller fails closed. */
  permission(login: string): Promise<Permission>;
  defaultBranch(): Promise<string>;
  /** The account that the token acts as. */
  account(): Promise<Account>;
  /** Who changed the texts of an issue. Throws on any failure, also on half an answer. */
  issueEdits(number: number): Promise<IssueEdits>;
  /** Text of a file on a branch of this repository; null when there is none. At most 1 MB. */
  readFile(branch: string, path: string): Promise<string | null>;
  branchGuard(branch: string): Promise<BranchGuard>;
  /**
   * Asks whether the token may push `ours` and open pull requests against `base`, by asking for what cannot be made: nothing
   * is. Throws what doing it would.
   */
  checkRights(branches: { readonly base: string; readonly ours: string }): Promise<void>;
  issue(
    number: number,
  ): Promise<Pick<Issue, 'title' | 'body' | 'author' | 'url'> & { readonly isPullRequest: boolean }>;
  /** Oldest first; `updatedAt` is ISO. */
  comments(
    issueNumber: number,
  ): Promise<
    readonly { id: number; author: string; isBot: boolean; body: string; createdAt: string; updatedAt: string }[]
  >;
  pullRequest(number: number): Promise<PullRequest>;
  /** The pull request of a head branch of this repository: the open one, else one that was closed; null when there is none. */
  findPullRequest(headBranch: string): Promise<PullRequest | null>;
  openPullRequest(input: {
    title: string;
    body: string;
    head: string;
    base: string;
    draft: boolean;
  }): Promise<PullRequest>;
  updatePullRequest(number: number, input: { title: string; body: string }): Promise<PullRequest>;
  react(target: { kind: 'issue' | 'comment'; id: number }, content: 'eyes' | 'rocket' | 'confused'): Promise<void>;
  /** The newest comment of our own (by its author) whose first line is one of these; null when there is none. */
  findComment(issueNumber: number, firstLines: readonly string[]): Promise<SavedComment | null>;
  createComment(issueNumber: number, body: string): Promise<SavedComment>;
  updateComment(id: number, body: string): Promise<SavedComment>;
}

// ---- record

/** Computes a value once in a run: a run that goes on after a crash gets the one that the journal has. Values are JSON. */
export type Remember = <Value>(call: string, compute: () => Promise<Value>) => Promise<Value>;

// ---- time and output

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Takes each event as it happens. Never throws; slow outputs buffer by themselves. */
export interface Reporter {
  emit(event: RunEvent): void;
}
