import { describe, expect, test } from '@jest/globals';
import { lexer } from 'marked';
import { renderPullRequestBody, renderPullRequestTitle } from '../../src/publish/pull-request-body.ts';
import { renderSummaryComment } from '../../src/publish/summary-comment.ts';
import { createSink } from '../../src/publish/sink.ts';
import type { DiffFinding } from '../../src/types.ts';
import * as runs from '../support/run-events.ts';

const whole = runs.stateAfter(runs.wholeRun());
const after = (verification: Parameters<typeof runs.verificationOf>[0], integration = runs.integrationOf()) =>
  runs.stateAfter([
    ...runs.opening(),
    ...runs.planned(runs.planOf(runs.threeTasks)),
    ...runs.threeTasks.flatMap((task) => runs.worked(runs.resultOf(task))),
    ...runs.finished(runs.verificationOf(verification), integration),
  ]);

describe('a whole result', () => {
  const body = renderPullRequestBody(whole);

  test('begins with our marker and closes the issue', () => {
    expect(body).toMatch(/^<!-- ai-implement:issue-42:1000-1:pull-request -->\nCloses #42\n\n/);
  });

  test('says who did what on which branch, and what git says changed', () => {
    expect(body).toContain(
      '| **TASK-002** Login and registration forms | frontend-dev | ✅ completed | `ai/agents/issue-42/frontend-dev/task-002`<br>`c0ffee2222` | 2 files (+43 −4) | ✅ 1 of 1 passed | $0.0800 |',
    );
    expect(body).toContain('- `src/TASK-002.ts` added (+40 −2)');
    expect(body).toContain('3 of 3 tasks completed · 5 files (+147 −10) changed · 48 tests passed, 0 failed');
  });

  test('sets base beside result', () => {
    expect(body).toContain('| test `npm test` | ❌ 2 failed, 20 passed | ✅ 48 passed | fixed |');
    expect(body).toContain('| lint `npm run lint` | ✅ exit 0 | ✅ exit 0 | still passes |');
    expect(body).toContain('**Fixed by this change (2)**\n\n- cart adds up\n- cart empties');
  });

  test('marks claims as claims, and gives decisions with rationale', () => {
    expect(body).toContain(
      '## Claims of the agents (not verified)\n\n**TASK-001**, backend-dev, says:\n\n> I built JWT',
    );
    expect(body).toContain(
      '- **Tokens live for one hour**: Short enough to need no list of revoked ones _(backend-dev)_',
    );
  });

  test('adds up what it took', () => {
    expect(body).toContain('| **all** | **13** | **13,000** | **2,600** | **39,000** | **1,300** | **$0.26** |');
    expect(body).toMatch(/\$0\.26 · 55,900 tokens in 13 calls · \d+ s · `claude-sonnet-5-5`/);
  });

  test('is not changed by the sink, so nothing of ours is lost', () => {
    expect(createSink({ secrets: [] }).markdown(body)).toBe(body);
  });
});

test('a contract is told with its files', () => {
  const contract = { summary: 'The *types* of a login', files: [{ path: 'src/contract.ts', content: '' }] };
  const plan = runs.planOf(runs.threeTasks, { contract });
  const events = [...runs.opening(), ...runs.planned(plan), ...runs.finished(runs.verificationOf())];
  const body = renderPullRequestBody(runs.stateAfter(events));
  expect(body).toMatch(
    /## Shared contract\n\nCommitted before.*: The \\\*types\\\* of a login\n\n- `src\/contract.ts` added \(\+20 −0\)/,
  );
  expect(renderPullRequestBody(whole)).not.toContain('contract');
});

test('weakened tests stand at the top', () => {
  const body = renderPullRequestBody(after({ weakened: ['test/cart.test.js: 3 tests deleted'] }));
  expect(body.indexOf('- test/cart.test.js: 3 tests deleted')).toBeLessThan(300);
});

test('flags stand at the top, sorted by what they are about, and the issue is closed all the same', () => {
  const flag = (rule: DiffFinding['rule'], path: string, words: string) => ({ rule, path, line: null, words });
  const flags = [
    flag('auth', 'src/auth/a.js', 'Code that keeps others out is changed.'),
    flag('package-script', 'package.json', 'It changes scripts: "build".'),
  ];
  const judged = runs.finished(runs.verificationOf(), runs.integrationOf(), { blocks: [], flags });
  const body = renderPullRequestBody(runs.stateAfter([...runs.wholeRun(), ...judged]));
  expect(body).toMatch(
    /^<!--.*-->\nCloses #42\n\n> \[!WARNING\]\n> \*\*Look at these first\..*\n>\n> - Runs at .*: `package\.json` It changes scripts: "build"\.\n> - Keeps others out: `src\/auth\/a\.js`\n/,
  );
});

test('a failure introduced is named, and keeps the issue open', () => {
  const final = [runs.checkOf({ exitCode: 1, passed: 47, failed: 1 })];
  const baseline = [runs.checkOf({ passed: 48 })];
  const body = renderPullRequestBody(after({ baseline, final, fixed: [], introduced: ['cart adds up'] }));
  expect(body).toContain('| test `npm test` | ✅ 48 passed | ❌ 1 failed, 47 passed | **introduced failure** |');
  expect(body).toContain('**Introduced by this change (1)**\n\n- cart adds up');
  expect(body).not.toMatch(/closes? #/i);
});

test('an exit code is believed over the counts', () => {
  const body = renderPullRequestBody(after({ final: [runs.checkOf({ exitCode: 1, passed: 48, failed: 0 })] }));
  expect(body).toContain('❌ exit 1, 48 passed');
});

test('a check stopped at its time limit has not passed', () => {
  const body = renderPullRequestBody(after({ final: [runs.uncountedCheck('test', null)] }));
  expect(body).toContain('❌ stopped at its time limit | was failing already |');
});

test('without checks it says that nothing was measured', () => {
  const [task] = runs.threeTasks;
  if (!task) throw new Error('no task');
  const opening = runs.opening().filter((event) => event.type !== 'check.ended');
  const result = runs.resultOf(task, { checks: [] });
  const none = runs.finished(runs.verificationOf({ baseline: [], final: [], fixed: [] }));
  const state = runs.stateAfter([...opening, ...runs.planned(runs.planOf([task])), ...runs.worked(result), ...none]);
  for (const text of [renderPullRequestBody(state), renderSummaryComment(state)]) {
    expect(text).toContain('**Nothing was measured.**');
    expect(text).not.toMatch(/tests? passed/);
  }
});

test('a partial result says what is missing and why, and closes nothing', () => {
  const body = renderPullRequestBody(runs.stateAfter(runs.limitedRun()));
  expect(body).toMatch(
    /^<!-- ai-implement:issue-42:1000-1:pull-request -->\n> \[!CAUTION\]\n> \*\*This is not the whole/,
  );
  expect(body).toContain('> The limit `limits.cost_limit_usd` is \\$0.16; used: \\$0.15.');
  expect(body).toContain('> - TASK-002 is not finished: the run reached its cost limit.');
  expect(body).not.toMatch(/close[sd]? #42/i);
});

test('lost lines and returns are told', () => {
  const integration = runs.integrationOf({ lost: [{ taskId: 'TASK-001', path: 'src/a.ts', lines: 3 }] });
  expect(renderPullRequestBody(after({}, integration))).toContain(
    '- `src/a.ts`: 3 lines of **TASK-001** did not survive',
  );
});

describe('a result too long for one body', () => {
  const files = Array.from({ length: 400 }, (_, index) => runs.fileOf(`src/some/long/folder/name/file-${index}.ts`));
  const state = (count: number, claimLength: number) => {
    const tasks = Array.from({ length: count }, (_, index) => runs.taskOf(index + 1));
    const claims = { summary: 'I did it. '.repeat(claimLength / 10), testsRun: [], notes: '' };
    const names = Array.from({ length: 300 }, (_, index) => `suite ${index} ${'x'.repeat(200)}`);
    return runs.stateAfter([
      ...runs.opening(),
      ...runs.planned(runs.planOf(tasks)),
      ...tasks.flatMap((task) => runs.worked(runs.resultOf(task, { changedFiles: files, claims }))),
      ...runs.finished(runs.verificationOf({ preexisting: names })),
    ]);
  };

  test('shortens file lists first', () => {
    const body = renderPullRequestBody(state(4, 500));
    expect(body).toContain('file-19.ts');
    expect(body).not.toContain('file-25.ts');
    expect(body).toContain('- … and 380 more');
    expect(body).toContain('I did it.');
  });

  test('then claims', () => {
    const body = renderPullRequestBody(state(22, 2000));
    expect(body).not.toContain('file-0.ts');
    expect(body).not.toContain('I did it. '.repeat(100));
    expect(body).toContain('I did it.');
  });

  test.each([1, 4, 22, 60, 200])('with %d tasks fits, with every table and code block whole', (count) => {
    const body = renderPullRequestBody(state(count, 2000));
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toMatch(/^<!-- ai-implement:issue-42:1000-1:pull-request -->\nCloses #42\n/);
    expect(body.split('<details>').length).toBe(body.split('</details>').length);
    for (const token of lexer(body)) if (token.type === 'table') expect(token.raw.trim()).toMatch(/\|$/);
    expect(createSink({ secrets: [] }).markdown(body)).toBe(body);
  });
});

describe('the title', () => {
  test('is the request, on one line, at most 200 characters, and acts nowhere', () => {
    const state = runs.stateAfter(runs.opening({ title: `$(touch x)"; #\nfor @alice, fixes #3 ${'x'.repeat(500)}` }));
    const title = renderPullRequestTitle(state);
    expect(title).toMatch(/^AI: \$\(touch x\)"; # for @\u200balice, fixes #\u200b3 x+…$/);
    expect(title.length).toBeLessThanOrEqual(200);
  });
});
