// The nouns of a run. Plain readonly data: nothing here has behaviour, and nothing here imports.

/** What a run, a task or one call has used. Costs are integers in nano-dollars (1e-9 USD). */
export interface Usage {
  readonly requests: number;
  /** Uncached input tokens, as the provider reports them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly costNanoUsd: number;
}

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** What was asked, by whom. `snapshot` is the issue text of the event payload: it is what the actor saw. */
export interface Trigger {
  readonly source: 'label' | 'comment' | 'dispatch' | 'terminal';
  readonly command: 'run' | 'plan' | 'stop';
  readonly repository: RepositoryName | null;
  readonly issueNumber: number | null;
  readonly pullRequestNumber: number | null;
  /** The comment that started the run, or null. */
  readonly commentId: number | null;
  readonly actor: string;
  /** ISO time of the event; later comments are not read. Null when the event carries none. */
  readonly at: string | null;
  /** Free text of a dispatch or of `--feature`; null when an issue is the source. */
  readonly feature: string | null;
  /** Words after the comment command; empty when there are none. */
  readonly instructions: string;
  readonly snapshot: {
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly url: string;
  } | null;
  /** The repository's default branch, where the event names it. */
  readonly defaultBranch?: string;
  /** False for a repository that everybody can see; absent where the event does not say. */
  readonly isPrivate?: boolean;
  /**
   * The hash that whoever asks confirms (`/ai-implement confirm <hash>`, `--confirm`), in small letters; empty when it was
   * left out. Absent when nothing is confirmed.
   */
  readonly confirm?: string;
}

/** Comments of one person that were left out, for one reason. */
export interface UnreadComments {
  readonly author: string;
  readonly reason: string;
  readonly count: number;
}

export interface IssueComment {
  readonly author: string;
  readonly body: string;
}

/** What the filter took out of a request because a reader of the page would not have seen it. Untrusted, for people only. */
export interface HiddenText {
  /** Characters (UTF-16 units) by what they were (`HTML comment`, `link title`), most first. */
  readonly byClass: Readonly<Record<string, number>>;
  /** One line for each piece: what it was, and its text with invisible characters spelled out. At most 4,000 characters. */
  readonly text: string;
}

/** The request in words. Untrusted text: already filtered, still data and never instructions to us. */
export interface Issue {
  readonly number: number | null;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly url: string | null;
  readonly comments: readonly IssueComment[];
  readonly instructions: string;
  /** Characters that the filter removed because a reader of the page would not have seen them. */
  readonly hiddenCharacters: number;
  /** What those were; absent in journals of earlier versions. */
  readonly hidden?: HiddenText;
  /** Comments that were not read, by author and reason; absent when all were. */
  readonly unread?: readonly UnreadComments[];
}

/** What a person with write access has to confirm before the run starts. */
export interface Confirmation {
  /** sha256 (hex) over title, body and the commit to build on, as they were when it was asked for. */
  readonly hash: string;
  /** Commit that the run would start from. */
  readonly base: string;
  /** Why it is asked for, in plain sentences. */
  readonly reasons: readonly string[];
  /** Lines of the request's source that hold what the page does not show, made visible; empty when there are none. */
  readonly hidden: string;
  /** What starts the run on this text: a comment, or a flag at the terminal. */
  readonly answer: string;
}

/** How much a model may think before it answers. */
export type Effort = 'low' | 'medium' | 'high';

/** How an agent changes files: by exact replacements, or by the patch format that OpenAI's models are trained on. */
export type EditFormat = 'edit' | 'apply_patch';

export interface Role {
  readonly id: string;
  readonly instructions: string;
  readonly specialties: readonly string[];
  readonly model: string;
  readonly maxTokens: number;
  readonly effort: Effort;
  /** Model to go on with at a task boundary when `model` cannot be had; null: none. */
  readonly fallbackModel: string | null;
}

export interface Decision {
  readonly decision: string;
  readonly rationale: string;
  readonly affectedAgents: readonly string[];
}

/** One piece of work for one agent. `id` is `TASK-001`; `owns` are globs; `acceptance` are shell commands. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly role: string;
  readonly instructions: string;
  readonly dependsOn: readonly string[];
  readonly owns: readonly string[];
  readonly deliverables: readonly string[];
  readonly acceptance: readonly string[];
  readonly estimatedTurns: number;
}

/** Shared interface, committed before any task starts; its paths are read-only to every task. */
export interface Contract {
  readonly summary: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

export interface TaskEstimate {
  readonly taskId: string;
  readonly turns: number;
  readonly expectedNanoUsd: number;
  readonly worstNanoUsd: number;
}

/** What the plan should cost: expected, and at worst by the limits. Sums include the planning call. */
export interface Estimate {
  readonly tasks: readonly TaskEstimate[];
  readonly expectedNanoUsd: number;
  readonly worstNanoUsd: number;
}

export interface Plan {
  readonly summary: string;
  readonly tasks: readonly Task[];
  readonly decisions: readonly Decision[];
  readonly contract: Contract | null;
  readonly estimate: Estimate;
  /** sha256 (hex) over everything above but the estimate. */
  readonly hash: string;
}

/** One command that we ran. `exitCode` is null when it was killed at its time limit. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** Counts, where the runner's output is understood; absent otherwise (the exit code is then the truth). */
  readonly passed?: number;
  readonly failed?: number;
  readonly skipped?: number;
  /** Names of failing tests, where the runner's output is understood. */
  readonly failures: readonly string[];
  /** Last part of the output, cut and redacted, for people and agents. */
  readonly outputTail: string;
  readonly logPath: string | null;
}

/** A check that newly fails; `failures` are the tests that did not fail before, empty where they are not known. */
export interface BrokenCheck {
  readonly check: Check;
  readonly failures: readonly string[];
}

/** What an agent says of its own work. Always shown as a claim, never counted. */
export interface Claims {
  readonly summary: string;
  readonly testsRun: readonly string[];
  readonly notes: string;
}

export interface FileChange {
  readonly path: string;
  /** Where a renamed file was: that path is gone, so it is changed as much as the new one. */
  readonly previousPath?: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly addedLines: number;
  readonly deletedLines: number;
}

export type TaskStatus = 'completed' | 'failed' | 'skipped' | 'partial';

export interface TaskResult {
  readonly task: Task;
  readonly status: TaskStatus;
  readonly branch: string;
  /** Head of the task's branch; null when nothing was committed. */
  readonly commit: string | null;
  readonly changedFiles: readonly FileChange[];
  readonly claims: Claims | null;
  /** Acceptance commands, as we ran them. */
  readonly checks: readonly Check[];
  readonly turns: number;
  readonly usage: Usage;
  /** Why the status is not `completed`; null when it is. One plain sentence. */
  readonly reason: string | null;
}

/** How a task's branch came into the integration branch. */
export interface Merge {
  readonly taskId: string;
  readonly status: 'merged' | 'refused';
  readonly commit: string | null;
  /** Times the work went back to its owner, each with the reason. */
  readonly returns: readonly { readonly kind: 'conflict' | 'broken-check'; readonly detail: string }[];
  readonly checks: readonly Check[];
}

export interface Integration {
  readonly branch: string;
  /** Head of the integration branch; equals the commit it started from when nothing was merged. */
  readonly commit: string;
  /** What is published: that head, or the unfinished work of a run's only task; null when there is neither. */
  readonly result: string | null;
  /** What git says changed from the base of the run to `result`, the contract included; empty without a result. */
  readonly changedFiles: readonly FileChange[];
  readonly merges: readonly Merge[];
  /** Lines of merged tasks that the final tree no longer has, by task and file: resolved, never silent. */
  readonly lost: readonly { readonly taskId: string; readonly path: string; readonly lines: number }[];
}

/** Checks on the base against checks on the result, by test name where known, else by check name. */
export interface Verification {
  readonly baseline: readonly Check[];
  readonly final: readonly Check[];
  readonly fixed: readonly string[];
  readonly introduced: readonly string[];
  readonly preexisting: readonly string[];
  /** Tests that were deleted, skipped or weakened, each as one plain line. */
  readonly weakened: readonly string[];
}

/** Ceilings of a run; null means none. */
export interface Limits {
  readonly maxApiCalls: number | null;
  readonly tokenBudget: number | null;
  readonly costLimitNanoUsd: number | null;
  readonly maxCostPerTaskNanoUsd?: number | null;
  /** All runs on the repository of one day (UTC) together. */
  readonly dailyCostLimitNanoUsd?: number | null;
  /** All runs that one person started on the repository on one day (UTC) together. */
  readonly dailyCostLimitPerPersonNanoUsd?: number | null;
  /** Runs on the repository that may start on one day (UTC). */
  readonly maxRunsPerDay?: number | null;
  /** Those of them that one person may start. */
  readonly maxRunsPerPersonPerDay?: number | null;
  readonly maxTurnsPerTask: number;
  readonly timeoutMs: number | null;
}

/** What the manager decides when an agent cannot go on by itself. */
export type EscalationAction =
  | 'guide'
  | 'raise_effort'
  | 'stronger_model'
  | 'split'
  | 'reassign_paths'
  | 'change_acceptance'
  | 'abandon'
  | 'ask_person';

/** A fault that the reviewer of the integrated work claims. `line` counts from 1; null: the file as a whole. */
export interface Finding {
  readonly severity: 'high' | 'medium' | 'low';
  readonly file: string;
  readonly line: number | null;
  readonly why: string;
}

/** What the reviewer says of the integrated work: claims, of which only those of high severity reopen work. */
export interface Review {
  readonly verdict: 'sound' | 'faulty';
  readonly findings: readonly Finding[];
}

/** What a change may not hold (see src/policy/). Nothing of it is published. */
type BlockRule =
  | 'protected-path'
  | 'new-dot-directory'
  | 'unsafe-name'
  | 'gitlink'
  | 'link'
  | 'executable'
  | 'package-source'
  | 'secret'
  | 'too-many-files'
  | 'too-many-bytes'
  | 'too-many-lines'
  | 'too-many-commits';

/** What a person should look at before anything else. */
type FlagRule =
  | 'manifest'
  | 'package-script'
  | 'lockfile'
  | 'build-script'
  | 'container'
  | 'migration'
  | 'auth'
  | 'binary'
  | 'long-line';

/** Characters that are not seen are the one thing that is a block or, in fixtures of tests, a flag. */
export type DiffRule = BlockRule | FlagRule | 'hidden-characters';

/**
 * Something that the diff policy says of a change. `path` is empty where it is said of the whole; `line` counts from 1 in
 * the new file. `words` is one plain sentence that may hold names from the change, never the value of a secret.
 */
export interface DiffFinding {
  readonly rule: DiffRule;
  readonly path: string;
  readonly line: number | null;
  readonly words: string;
  /** A credential of this very run: an incident, and no mere finding. */
  readonly own?: true;
}

/** Blocks keep a change from being published; flags make its pull request a draft and stand at the top of it. */
export interface DiffJudgement {
  readonly blocks: readonly DiffFinding[];
  readonly flags: readonly DiffFinding[];
}

/** Which limit stopped a run: its configuration key, its value and what was used, in the same words. */
export interface LimitReached {
  readonly limit: string;
  readonly value: string;
  readonly spent: string;
}

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly state: 'open' | 'closed';
  readonly author: string;
  /** Number of the author's account; null when it is gone. */
  readonly authorId?: number | null;
  readonly headBranch: string;
  readonly headCommit: string;
  /** `owner/name` of the repository that holds the head branch; null when it was deleted. */
  readonly headRepository: string | null;
  readonly baseBranch: string;
}

/** How a run ended. Every variant but `skipped` has a `usage` in the run's state. */
export type RunOutcome =
  | { readonly kind: 'opened' | 'updated'; readonly pullRequest: PullRequest; readonly branch: string }
  | {
      readonly kind: 'partial';
      /** Null in a terminal run without GitHub. */
      readonly pullRequest: PullRequest | null;
      readonly branch: string | null;
      readonly reason: string;
    }
  /** A terminal run without GitHub: branches are left in the repository. */
  | { readonly kind: 'built'; readonly branch: string }
  | { readonly kind: 'planned' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | {
      readonly kind: 'failed';
      readonly stage: string;
      readonly code: string | null;
      readonly error: string;
      /** Branches that hold what was done before the failure. */
      readonly saved: readonly string[];
    };

/** What commands of a run are kept in. */
export interface SandboxConfig {
  /** `off` comes from a terminal's flag alone, never from a file. */
  readonly backend: 'auto' | 'namespaces' | 'bubblewrap' | 'off';
  /** When the network of commands is the mirror of package registries (or the hosts below), if ever. */
  readonly network: 'setup' | 'none' | 'registry' | 'hosts';
  readonly hosts: readonly string[];
  readonly minimumPackageAgeDays: number;
  /** Most memory of one command; null: half of the machine's. */
  readonly memoryBytes: number | null;
  /** Further paths of the machine that commands may read. */
  readonly readOnlyPaths: readonly string[];
}

/** What is told of the sandbox of a run. */
export interface SandboxFacts {
  /** For people: `namespaces (root)`, `bubblewrap (user namespace)`, `off`. */
  readonly backend: string;
  readonly network: SandboxConfig['network'];
  /** How agents' trees come about. */
  readonly trees: 'overlay' | 'reflink' | 'copies';
  /** What it lacks, in sentences; empty for one that has all. */
  readonly lacks: readonly string[];
}
