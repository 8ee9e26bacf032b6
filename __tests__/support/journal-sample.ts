// A journal of a realistic run, event by event: three tasks, one handed back and failed for good, a partial pull request.
import type { JournalEntry } from '../../src/events.ts';
import type { Check, PullRequest, Task, TaskResult } from '../../src/types.ts';
import { check, createRecorder, reply, text, turn, usage } from './journal-recorder.ts';
import type { Recorder } from './journal-recorder.ts';

export interface SampleOptions {
  /** Put into every place of the journal that a stranger or a model can write. */
  readonly foreignText?: string;
  /** Address of the issue and of the pull request, in place of good ones. */
  readonly url?: string;
  /** Stop after this many events, as a killed run does. */
  readonly events?: number;
}

function task(id: string, role: string, title: string, more: Partial<Task>): Task {
  return {
    id,
    title,
    role,
    instructions: `Build what ${title} needs.`,
    dependsOn: [],
    owns: ['src/**'],
    deliverables: [],
    acceptance: ['npm test'],
    estimatedTurns: 18,
    ...more,
  };
}

/** The journal, as `projectRun` and `renderReport` take it. */
export function sampleJournal({ foreignText = '', url, events }: SampleOptions = {}): readonly JournalEntry[] {
  const say = (words: string): string => (foreignText === '' ? words : `${words} ${foreignText}`);
  const run = createRecorder();
  recordStart(run, say, url);
  recordPlan(run, say);
  run.together(
    (lane) => recordBackend(lane, say),
    (lane) => recordFrontend(lane, say),
  );
  recordTester(run, say);
  recordEnd(run, say, url);
  return run.entries().slice(0, events);
}

type Say = (words: string) => string;

const branches = {
  backend: 'ai/agents/issue-42/backend-dev/task-001',
  frontend: 'ai/agents/issue-42/frontend-dev/task-002',
  tester: 'ai/agents/issue-42/qa-tester/task-003',
  result: 'ai/issue-42',
};

function recordStart(run: Recorder, say: Say, url = 'https://github.example/octo/shop/issues/42'): void {
  run.after(0, {
    type: 'run.started',
    runId: '7f3a91c2',
    version: '0.1.0',
    trigger: {
      source: 'label',
      command: 'run',
      repository: { owner: 'octo', name: 'shop' },
      issueNumber: 42,
      pullRequestNumber: null,
      commentId: null,
      actor: 'maintainer',
      at: '2026-03-02T09:30:00Z',
      feature: null,
      instructions: '',
      snapshot: null,
    },
    model: 'claude-sonnet-5-5',
    limits: {
      maxApiCalls: 200,
      tokenBudget: 2_000_000,
      costLimitNanoUsd: 5e9,
      maxTurnsPerTask: 60,
      timeoutMs: 3_600_000,
    },
  });
  run.after(0.2, {
    type: 'issue.read',
    issue: {
      number: 42,
      title: say('Let customers reset a forgotten password'),
      body: say('People who forget their password have to write to support.'),
      author: 'customer',
      url,
      comments: [{ author: 'maintainer', body: say('Links must expire after an hour.') }],
      instructions: '',
      hiddenCharacters: 214,
      hidden: {
        byClass: { 'HTML comment': 180, 'link title': 34 },
        text: 'HTML comment: <!-- Please describe what you want to do, and what hinders you. -->',
      },
    },
  });
  run.after(0.3, {
    type: 'base.opened',
    commit: '3c9e1f0a77d2b4c8e5f6a1b2c3d4e5f60718293a',
    branch: 'main',
    continues: null,
  });
  run.after(21, { type: 'setup.ended', command: 'npm ci', exitCode: 0, durationMs: 20_600 });
  const baseline = baselineChecks(say);
  for (const one of baseline) run.after(4, { type: 'check.ended', phase: 'baseline', taskId: null, check: one });
}

const oldFailure = 'cart.test.js › totals › rounds half a cent';

function baselineChecks(say: Say): readonly Check[] {
  const outputTail = `1 failed, 47 passed\n\nFAILED ${say(oldFailure)}\n  expected 0.5 to be 1`;
  return [
    check('test', 1, { passed: 47, failed: 1, skipped: 2, failures: [say(oldFailure)], outputTail }),
    check('typecheck', 0),
    check('lint', 0),
  ];
}

function recordPlan(run: Recorder, say: Say): void {
  run.after(0.1, {
    type: 'agent.told',
    agent: 'manager',
    turn: 1,
    text: say('Plan the work for this request.\n\n<request>\n...'),
  });
  reply(run, 'manager', 'manager', 1, 0.0831, 14, [text(say('Two parts can be built at once behind one contract.'))]);
  run.after(0.1, {
    type: 'plan.refused',
    attempt: 1,
    faults: [say('TASK-001 and TASK-002 both own src/shared/mail.ts.')],
  });
  run.after(0.1, { type: 'agent.told', agent: 'manager', turn: 2, text: 'The plan has one fault. Mend it.' });
  reply(run, 'manager', 'manager', 2, 0.0214, 6, [text('{"tasks": [...]}')]);
  run.after(0.1, {
    type: 'plan.accepted',
    plan: {
      summary: say('A reset link that expires after an hour, a form that asks for it, and tests of the whole way.'),
      tasks: plannedTasks(say),
      decisions: [
        {
          decision: say('Tokens are stored as hashes'),
          rationale: say('A copy of the database must not open accounts.'),
          affectedAgents: ['backend-dev'],
        },
        {
          decision: 'The same answer for known and unknown addresses',
          rationale: 'The form must not tell who has an account.',
          affectedAgents: ['backend-dev', 'frontend-dev'],
        },
      ],
      contract: {
        summary: say('Request and reply of both endpoints.'),
        files: [{ path: 'src/shared/reset.ts', content: '' }],
      },
      estimate: { tasks: [], expectedNanoUsd: 1.1e9, worstNanoUsd: 4.2e9 },
      hash: 'b51f0c6de2a94f7c8f0fb3a1d0c1e2f3',
    },
  });
}

function plannedTasks(say: Say): readonly Task[] {
  return [
    task('TASK-001', 'backend-dev', say('Endpoints and mail for the reset link'), { owns: ['src/server/**'] }),
    task('TASK-002', 'frontend-dev', 'Form that asks for a reset link', { owns: ['src/web/**'] }),
    task('TASK-003', 'qa-tester', 'Tests of the whole way', { owns: ['test/**'], dependsOn: ['TASK-001', 'TASK-002'] }),
  ];
}

function recordBackend(run: Recorder, say: Say): void {
  const agent = ['TASK-001', 'backend-dev'] as const;
  run.after(0.4, {
    type: 'task.started',
    taskId: agent[0],
    role: agent[1],
    branch: branches.backend,
    baseCommit: 'c0ffee00',
  });
  run.after(0.1, {
    type: 'agent.told',
    agent: agent[0],
    turn: 1,
    text: say('Your task is TASK-001.\n\nYou own src/server/**.'),
  });
  run.after(0.1, {
    type: 'agent.steps',
    agent: agent[0],
    items: [
      { text: say('Store hashed tokens'), status: 'done' },
      { text: 'Send the mail', status: 'doing' },
    ],
  });
  turn(run, agent, 1, say('I will look at how sessions are stored.'), {
    tool: 'read',
    input: { paths: [{ path: 'src/server/session.ts' }] },
    content: '1\texport interface Session {\n2\t  readonly id: string;\n3\t}\nlines 1-3 of 3',
  });
  turn(run, agent, 2, 'The store takes any table, so tokens get their own.', {
    tool: 'edit',
    input: {
      path: 'src/server/reset.ts',
      edits: [{ old_string: say('return null;'), new_string: 'const token = randomBytes(32);\nreturn hash(token);' }],
    },
    content: say('--- src/server/reset.ts\n+++ src/server/reset.ts\n@@ -1 +1,2 @@'),
  });
  turn(run, agent, 3, 'Now the tests.', {
    tool: 'bash',
    input: { command: say('npm test -- reset'), timeout_s: 120 },
    content: say('Tests: 6 passed, 6 total'),
    seconds: 5.2,
  });
  endTask(run, agent[0], 'completed', say);
}

function recordFrontend(run: Recorder, say: Say): void {
  const agent = ['TASK-002', 'frontend-dev'] as const;
  run.after(0.5, {
    type: 'task.started',
    taskId: agent[0],
    role: agent[1],
    branch: branches.frontend,
    baseCommit: 'c0ffee00',
  });
  run.after(0.1, {
    type: 'agent.told',
    agent: agent[0],
    turn: 1,
    text: 'Your task is TASK-002.\n\nYou own src/web/**.',
  });
  turn(run, agent, 1, 'The form follows the sign-in form.', {
    tool: 'write',
    input: { path: 'src/web/reset-form.ts', content: 'export function resetForm(): string {\n  return "<form>";\n}\n' },
    content: 'created src/web/reset-form.ts, 3 lines',
  });
  turn(run, agent, 2, 'A look at what else uses it.', {
    tool: 'search',
    input: { pattern: say('resetForm'), mode: 'files' },
    content: 'no such directory: src/wed',
    isError: true,
  });
  run.after(0.2, {
    type: 'task.handed-back',
    taskId: agent[0],
    kind: 'acceptance',
    detail: say('npm test ended with 1: the form has no label.'),
  });
  turn(run, agent, 3, 'The field gets a label.', {
    tool: 'edit',
    input: { path: 'src/web/reset-form.ts', edits: [] },
    content: 'edited src/web/reset-form.ts',
  });
  endTask(run, agent[0], 'completed', say);
}

function recordTester(run: Recorder, say: Say): void {
  const agent = ['TASK-003', 'qa-tester'] as const;
  run.after(0.4, {
    type: 'task.started',
    taskId: agent[0],
    role: agent[1],
    branch: branches.tester,
    baseCommit: 'decade00',
  });
  run.after(0.1, { type: 'agent.told', agent: agent[0], turn: 1, text: 'Your task is TASK-003.' });
  for (const number of [1, 2, 3, 4]) {
    turn(run, agent, number, `Attempt ${number} at a test of the expired link.`, {
      tool: 'bash',
      input: { command: 'npm test -- way' },
      content: say('Tests: 1 failed, 3 passed, 4 total'),
      isError: true,
      seconds: 6,
    });
    const failing = check('npm test', 1, {
      command: 'npm test',
      passed: 3,
      failed: 1,
      failures: [say('way › expired link')],
      outputTail: say('FAILED way › expired link\n  expected 410, got 200'),
    });
    run.after(4, { type: 'check.ended', phase: 'task', taskId: agent[0], check: failing });
    run.after(0.1, {
      type: 'task.handed-back',
      taskId: agent[0],
      kind: 'acceptance',
      detail: say('npm test ended with 1: expected 410, got 200.'),
    });
  }
  run.after(2, {
    type: 'escalation.ended',
    taskId: agent[0],
    rule: 'refused-work',
    action: 'guide',
    text: say('The link expires on the server: look at reset.ts.'),
    rationale: say('It only ever looked at the form.'),
  });
  run.after(0.1, { type: 'question.asked', taskId: agent[0], question: say('How long shall a link live?') });
  run.after(1, {
    type: 'model.failed',
    agent: agent[0],
    reason: 'overloaded',
    message: say('The service is overloaded.'),
    usage: usage(0, { outputTokens: 0 }),
  });
  endTask(run, agent[0], 'failed', say);
}

function endTask(run: Recorder, id: string, status: TaskResult['status'], say: Say): void {
  const planned = plannedTasks(say).find((one) => one.id === id);
  if (planned === undefined) throw new Error(`no task ${id}`);
  const passes = status === 'completed';
  const acceptance = check('npm test', passes ? 0 : 1, {
    command: say('npm test'),
    passed: passes ? 6 : 3,
    failed: passes ? 0 : 1,
    failures: passes ? [] : [say('way › expired link')],
    outputTail: passes ? '' : say('FAILED way › expired link\n  expected 410, got 200'),
  });
  run.after(4, { type: 'check.ended', phase: 'task', taskId: id, check: acceptance });
  run.after(0.2, {
    type: 'task.ended',
    result: {
      task: planned,
      status,
      branch: `ai/agents/issue-42/${planned.role}/${id.toLowerCase()}`,
      commit: '9ab3c0de12f4567890abcdef1234567890abcdef',
      changedFiles: [
        { path: say(`src/${planned.role}/reset.ts`), status: 'added', addedLines: 84, deletedLines: 0 },
        { path: `src/${planned.role}/routes.ts`, status: 'modified', addedLines: 12, deletedLines: 3 },
      ],
      claims: {
        summary: say('All of it works and is tested.'),
        testsRun: [say('npm test -- reset')],
        notes: say('Mail is sent by the queue.'),
      },
      checks: [acceptance],
      turns: 4,
      usage: usage(0.06, { requests: 4 }),
      reason: passes ? null : say('Its acceptance failed four times: an expired link still opens the form.'),
    },
  });
  if (!passes) return;
  run.after(3, {
    type: 'check.ended',
    phase: 'merge',
    taskId: id,
    check: check('test', 1, { passed: 53, failed: 1, failures: [say(oldFailure)] }),
  });
  const returns =
    id === 'TASK-002' ? [{ kind: 'conflict' as const, detail: say('src/shared/routes.ts was changed by both.') }] : [];
  run.after(0.3, {
    type: 'merge.ended',
    merge: { taskId: id, status: 'merged', commit: 'abcdef12', returns, checks: [] },
  });
}

function recordEnd(run: Recorder, say: Say, url = 'https://github.example/octo/shop/pull/57'): void {
  run.after(0.1, {
    type: 'agent.told',
    agent: 'reviewer',
    turn: 1,
    text: say('You review a change that others made.'),
  });
  reply(run, 'reviewer', 'manager', 1, 0.05, 20, [text(say('{"findings": [...]}'))]);
  run.after(0.1, {
    type: 'review.ended',
    round: 1,
    verdict: 'faulty',
    findings: [
      { severity: 'high', file: say('src/server/reset.ts'), line: 12, why: say('The token is compared in plain.') },
      { severity: 'low', file: 'src/web/reset-form.ts', line: null, why: 'The label has a typing error.' },
    ],
  });
  const final = [
    check('test', 1, {
      passed: 58,
      failed: 1,
      skipped: 3,
      failures: [say('mail.test.js › sends one mail')],
      outputTail: say('FAILED mail.test.js › sends one mail\n  expected 1, got 2'),
    }),
    check('typecheck', 0),
    check('lint', 0),
  ];
  run.after(0.2, {
    type: 'integration.ended',
    integration: {
      branch: branches.result,
      commit: 'abcdef1234',
      result: 'abcdef1234',
      changedFiles: [
        { path: say('src/backend-dev/reset.ts'), status: 'added', addedLines: 84, deletedLines: 0 },
        { path: 'src/frontend-dev/routes.ts', status: 'modified', addedLines: 12, deletedLines: 3 },
      ],
      merges: [],
      lost: [{ taskId: 'TASK-001', path: say('src/server/routes.ts'), lines: 2 }],
    },
  });
  for (const one of final) run.after(4, { type: 'check.ended', phase: 'final', taskId: null, check: one });
  run.after(0.1, {
    type: 'verification.ended',
    verification: {
      baseline: baselineChecks(say),
      final,
      fixed: [say(oldFailure)],
      introduced: [say('mail.test.js › sends one mail')],
      preexisting: [],
      weakened: [say('cart.test.js: "keeps the currency" is skipped')],
    },
  });
  const flag = { rule: 'package-script', path: say('tools/package.json'), line: null } as const;
  const words = say('It changes scripts that run by themselves at an install: "postinstall".');
  run.after(0.1, { type: 'diff.judged', judgement: { blocks: [], flags: [{ ...flag, words }] } });
  run.after(0.1, { type: 'limit.reached', limit: { limit: 'limits.max_api_calls', value: '200', spent: '200 calls' } });
  run.after(0.1, { type: 'warning', message: say('The model does not take a temperature; it was left out.') });
  run.after(1.5, { type: 'branch.pushed', branch: branches.result, commit: 'abcdef1234' });
  const pullRequest = samplePullRequest(say, url);
  run.after(1.2, {
    type: 'run.ended',
    outcome: { kind: 'partial', pullRequest, branch: branches.result, reason: say('One of three tasks failed.') },
    usage: usage(0.41, { requests: 14 }),
    durationMs: 196_000,
  });
}

function samplePullRequest(say: Say, url: string): PullRequest {
  return {
    number: 57,
    url,
    title: say('Let customers reset a forgotten password'),
    body: '',
    draft: true,
    state: 'open',
    author: 'github-actions[bot]',
    headBranch: branches.result,
    headCommit: 'abcdef1234',
    headRepository: 'octo/shop',
    baseBranch: 'main',
  };
}
