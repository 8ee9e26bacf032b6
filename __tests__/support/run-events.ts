// Whole runs as lists of events, and the states they make. Texts can be chosen, so that a test can make each of them hostile.
import type { JournalEntry, RunEvent } from '../../src/events.ts';
import { projectRun } from '../../src/journal/project-run.ts';
import type { RunState } from '../../src/journal/run-state.ts';
import type {
  Check,
  DiffJudgement,
  FileChange,
  Integration,
  Plan,
  PullRequest,
  RunOutcome,
  Task,
  TaskResult,
  Usage,
  Verification,
} from '../../src/types.ts';

/** The state after these events, one second apart. */
export function stateAfter(events: readonly RunEvent[], startMs = Date.UTC(2026, 0, 2, 3, 4, 5)): RunState {
  return projectRun(events.map((event, seq): JournalEntry => ({ seq, atMs: startMs + seq * 1000, event })));
}

export const usageOf = (calls: number): Usage => ({
  requests: calls,
  inputTokens: calls * 1000,
  outputTokens: calls * 200,
  cacheReadTokens: calls * 3000,
  cacheWriteTokens: calls * 100,
  costNanoUsd: calls * 20_000_000,
});

export function taskOf(number: number, over: Partial<Task> = {}): Task {
  return {
    id: `TASK-00${number}`,
    title: `Build part ${number}`,
    role: 'backend-dev',
    instructions: 'Do it.',
    dependsOn: [],
    owns: [`src/part${number}/**`],
    deliverables: [`src/part${number}/index.ts`],
    acceptance: ['npm test'],
    estimatedTurns: 10,
    ...over,
  };
}

export const threeTasks: readonly Task[] = [
  taskOf(1, { title: 'JWT service and login endpoints' }),
  taskOf(2, { title: 'Login and registration forms', role: 'frontend-dev' }),
  taskOf(3, { title: 'Tests of the whole flow', role: 'qa-tester', dependsOn: ['TASK-001', 'TASK-002'] }),
];

export function planOf(tasks: readonly Task[], over: Partial<Plan> = {}): Plan {
  return {
    summary: 'Split by layer; the types are frozen first.',
    tasks,
    decisions: [
      {
        decision: 'Tokens live for one hour',
        rationale: 'Short enough to need no list of revoked ones',
        affectedAgents: ['backend-dev'],
      },
    ],
    contract: null,
    estimate: { tasks: [], expectedNanoUsd: 800_000_000, worstNanoUsd: 3_200_000_000 },
    hash: 'f'.repeat(64),
    ...over,
  };
}

export function checkOf(over: Partial<Check> = {}): Check {
  return {
    name: 'test',
    command: 'npm test',
    exitCode: 0,
    durationMs: 3200,
    passed: 24,
    failed: 0,
    skipped: 0,
    failures: [],
    outputTail: '',
    logPath: null,
    ...over,
  };
}

/** A check whose output says nothing that we count. */
export function uncountedCheck(name: string, exitCode: number | null): Check {
  return { name, command: `npm run ${name}`, exitCode, durationMs: 900, failures: [], outputTail: '', logPath: null };
}

export const fileOf = (path: string, over: Partial<FileChange> = {}): FileChange => ({
  path,
  status: 'added',
  addedLines: 40,
  deletedLines: 2,
  ...over,
});

export function resultOf(task: Task, over: Partial<TaskResult> = {}): TaskResult {
  return {
    task,
    status: 'completed',
    branch: `ai/agents/issue-42/${task.role}/${task.id.toLowerCase()}`,
    commit: 'c0ffee'.padEnd(40, task.id.slice(-1)),
    changedFiles: [fileOf(`src/${task.id}.ts`), fileOf('src/index.ts', { status: 'modified', addedLines: 3 })],
    claims: { summary: `I built ${task.title}.`, testsRun: ['npm test'], notes: '' },
    checks: [checkOf()],
    turns: 4,
    usage: usageOf(4),
    reason: null,
    ...over,
  };
}

export const opening = (over: { readonly title?: string; readonly body?: string } = {}): readonly RunEvent[] => [
  {
    type: 'run.started',
    runId: '1000-1',
    version: '0.1.0',
    model: 'claude-sonnet-5-5',
    limits: {
      maxApiCalls: 100,
      tokenBudget: 500_000,
      costLimitNanoUsd: 5_000_000_000,
      maxTurnsPerTask: 60,
      timeoutMs: null,
    },
    trigger: {
      source: 'label',
      command: 'run',
      repository: { owner: 'octo', name: 'shop' },
      issueNumber: 42,
      pullRequestNumber: null,
      commentId: null,
      actor: 'alice',
      at: '2026-01-02T03:04:00Z',
      feature: null,
      instructions: '',
      snapshot: {
        title: over.title ?? 'User login with email and password',
        body: '',
        author: 'bob',
        url: 'https://github.example/acme/shop/issues/42',
      },
    },
  },
  { type: 'stage.started', stage: 'prepare' },
  {
    type: 'issue.read',
    issue: {
      number: 42,
      title: over.title ?? 'User login with email and password',
      body: over.body ?? '',
      author: 'bob',
      url: 'https://git.example/octo/shop/issues/42',
      comments: [],
      instructions: '',
      hiddenCharacters: 0,
    },
  },
  { type: 'base.opened', commit: 'ba5e'.padEnd(40, '0'), branch: 'main', continues: null },
  { type: 'check.ended', phase: 'baseline', taskId: null, check: checkOf({ exitCode: 1, passed: 20, failed: 2 }) },
  { type: 'stage.started', stage: 'plan' },
];

export const planned = (plan: Plan): readonly RunEvent[] => [
  ...replies('manager', 'manager', 1),
  { type: 'plan.accepted', plan },
  { type: 'stage.started', stage: 'execute' },
];

/** Replies of the model to one agent, one call each. */
export const replies = (agent: string, role: string, count: number): readonly RunEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'model.replied',
    agent,
    role,
    turn: index + 1,
    model: 'claude-sonnet-5-5',
    stopReason: 'tool_use',
    content: [],
    usage: usageOf(1),
    durationMs: 500,
  }));

export const started = (task: Task): RunEvent => ({
  type: 'task.started',
  taskId: task.id,
  role: task.role,
  branch: `ai/agents/issue-42/${task.role}/${task.id.toLowerCase()}`,
  baseCommit: 'ba5e'.padEnd(40, '0'),
});

/** A task from start to its end; merged when it was completed. */
export function worked(result: TaskResult): readonly RunEvent[] {
  const { task } = result;
  const merge = { taskId: task.id, status: 'merged', commit: 'a11'.padEnd(40, '0'), returns: [], checks: [] } as const;
  const merged: readonly RunEvent[] = result.status === 'completed' ? [{ type: 'merge.ended', merge }] : [];
  return [started(task), ...replies(task.id, task.role, result.turns), { type: 'task.ended', result }, ...merged];
}

export const integrationOf = (over: Partial<Integration> = {}): Integration => ({
  branch: 'ai/issue-42',
  commit: 'facade'.padEnd(40, '0'),
  result: over.commit ?? 'facade'.padEnd(40, '0'),
  changedFiles: [
    ...threeTasks.map((task) => fileOf(`src/${task.id}.ts`)),
    fileOf('src/index.ts', { status: 'modified', addedLines: 7, deletedLines: 4 }),
    fileOf('src/contract.ts', { addedLines: 20, deletedLines: 0 }),
  ],
  merges: [],
  lost: [],
  ...over,
});

export const verificationOf = (over: Partial<Verification> = {}): Verification => ({
  baseline: [checkOf({ exitCode: 1, passed: 20, failed: 2 }), uncountedCheck('lint', 0)],
  final: [checkOf({ passed: 48, failed: 0 }), uncountedCheck('lint', 0)],
  fixed: ['cart adds up', 'cart empties'],
  introduced: [],
  preexisting: [],
  weakened: [],
  ...over,
});

export const finished = (
  verification: Verification,
  integration = integrationOf(),
  judgement: DiffJudgement = { blocks: [], flags: [] },
): readonly RunEvent[] => [
  { type: 'integration.ended', integration },
  { type: 'stage.started', stage: 'verify' },
  { type: 'verification.ended', verification },
  { type: 'diff.judged', judgement },
  { type: 'stage.started', stage: 'publish' },
  { type: 'branch.pushed', branch: integration.branch, commit: integration.commit },
];

export const pullRequestOf = (over: Partial<PullRequest> = {}): PullRequest => ({
  number: 77,
  url: 'https://git.example/octo/shop/pull/77',
  title: 'AI: login',
  body: '',
  draft: false,
  state: 'open',
  author: 'github-actions[bot]',
  headBranch: 'ai/issue-42',
  headCommit: 'facade'.padEnd(40, '0'),
  headRepository: 'octo/shop',
  baseBranch: 'main',
  ...over,
});

export const ended = (outcome: RunOutcome): RunEvent => ({
  type: 'run.ended',
  outcome,
  usage: usageOf(13),
  durationMs: 252_000,
});

/** A run in which all went well, up to its pull request. */
export const wholeRun = (tasks: readonly Task[] = threeTasks): readonly RunEvent[] => [
  ...opening(),
  ...planned(planOf(tasks)),
  ...tasks.flatMap((task) => worked(resultOf(task))),
  ...finished(verificationOf()),
];

/** A run that its cost limit stopped: the second task is partial, the third never started. */
export function limitedRun(): readonly RunEvent[] {
  const [first, second, third] = threeTasks;
  if (!first || !second || !third) throw new Error('three tasks are needed');
  return [
    ...opening(),
    ...planned(planOf(threeTasks)),
    ...worked(resultOf(first)),
    started(second),
    ...replies(second.id, second.role, 3),
    { type: 'limit.reached', limit: { limit: 'limits.cost_limit_usd', value: '$0.16', spent: '$0.15' } },
    { type: 'task.ended', result: resultOf(second, { status: 'partial', reason: 'The run reached its cost limit.' }) },
    {
      type: 'task.ended',
      result: resultOf(third, {
        status: 'skipped',
        commit: null,
        changedFiles: [],
        claims: null,
        checks: [],
        turns: 0,
        reason: 'TASK-002 was not completed.',
      }),
    },
    ...finished(verificationOf()),
  ];
}
