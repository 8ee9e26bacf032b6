// The runner of whole workflows does what GitHub does, and refuses what it does not model.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { WebhookEvent } from '../../../testbed/github/events.ts';
import type { StandIn } from '../../../testbed/runner/run-job.ts';
import { runWorkflow, type WorkflowRun } from '../../../testbed/runner/run-workflow.ts';
import { downloadStandIn, uploadStandIn } from '../../../testbed/runner/stand-ins.ts';

let directory: string;
/** What each step was given, in order. */
let calls: { readonly job: string; readonly with: unknown; readonly token: string }[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'run-workflow-'));
  calls = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const labelled: WebhookEvent = { name: 'issues', payload: { action: 'labeled', issue: { number: 7 } } };

/** `do/it` sets the outputs that it is given, and fails where `fail` is given. */
const doIt: StandIn = ({ job, with: given, token }) => {
  calls.push({ job, with: given, token });
  return Promise.resolve({ exitCode: given['fail'] === undefined ? 0 : 1, outputs: given });
};

const run = (content: string, more: Partial<WorkflowRun> = {}) =>
  runWorkflow({
    ...{ path: 'w.yml', content, event: labelled, directory, secrets: { KEY: 's3cret' } },
    github: {
      ...{ repository: 'o/r', sha: 'a'.repeat(40), ref: 'refs/heads/main', actor: 'ada', runId: 5, runAttempt: 1 },
    },
    mintToken: (permissions) => `token ${JSON.stringify(permissions)}`,
    actions: { 'do/it': doIt },
    ...more,
  });

const head =
  'on: { issues: { types: [labeled] }, workflow_dispatch: { inputs: { a: { default: x } } } }\npermissions: {}\n';
const job = (lines: string, id = 'a') => `  ${id}:\n    runs-on: x\n${lines.replace(/^/gm, '    ')}\n`;
const step = 'steps: [{ uses: do/it@v1 }]';

describe('an event', () => {
  test('of another kind or action starts nothing', async () => {
    expect(await run(`${head}jobs:\n${job(step)}`, { event: { name: 'push', payload: {} } })).toMatchObject({
      isTriggered: false,
    });
    const opened = { name: 'issues', payload: { action: 'opened' } };
    expect(await run(`${head}jobs:\n${job(step)}`, { event: opened })).toMatchObject({ isTriggered: false });
    expect(calls).toEqual([]);
  });

  test('gives its fields, and a dispatch its inputs with their defaults', async () => {
    const content = `${head}jobs:\n${job('steps: [{ uses: do/it@v1, with: { n: "${{ github.event.issue.number }}", a: "${{ inputs.a }}" } }]')}`;
    await run(content);
    await run(content, { event: { name: 'workflow_dispatch', payload: { inputs: {} } } });
    expect(calls.map((call) => call.with)).toEqual([
      { n: '7', a: '' },
      { n: '', a: 'x' },
    ]);
  });
});

describe('a job', () => {
  test('has a token of its own permissions, else of those of the workflow', async () => {
    await run(`${head}jobs:\n${job(`permissions: { contents: read, issues: write }\n${step}`)}${job(step, 'b')}`);
    expect(calls.map(({ token }) => token)).toEqual(['token {"contents":"read","issues":"write"}', 'token {}']);
  });

  test('is skipped by its condition, and with it what needs it', async () => {
    const end = await run(
      `${head}jobs:\n${job(`if: github.event.issue.number == 8\n${step}`)}${job(`needs: a\n${step}`, 'b')}${job(`needs: a\nif: always()\n${step}`, 'c')}`,
    );
    expect(end.jobs.map(({ id, result }) => [id, result])).toEqual([
      ['a', 'skipped'],
      ['b', 'skipped'],
      ['c', 'success'],
    ]);
  });

  test('that fails is known to those after it, and ends its own steps but those that always run', async () => {
    const steps =
      'steps:\n  - { uses: do/it@v1, with: { fail: x } }\n  - { uses: do/it@v1 }\n  - { uses: do/it@v1, if: always(), with: { n: 3 } }';
    const end = await run(`${head}jobs:\n${job(steps)}${job(`needs: a\nif: failure()\n${step}`, 'b')}`);
    expect(end.jobs.map(({ id, result }) => [id, result])).toEqual([
      ['a', 'failure'],
      ['b', 'success'],
    ]);
    expect(calls.map((call) => call.with)).toEqual([{ fail: 'x' }, { n: '3' }, {}]);
  });

  test('hands outputs on, but none that holds a secret', async () => {
    const outputs =
      'outputs: { plain: "${{ steps.s.outputs.one }}", told: "${{ steps.s.outputs.two }}" }\n' +
      'steps: [{ uses: do/it@v1, id: s, with: { one: fine, two: "a ${{ secrets.KEY }}" } }]';
    const use =
      'needs: a\nsteps: [{ uses: do/it@v1, with: { p: "${{ needs.a.outputs.plain }}", t: "${{ needs.a.outputs.told }}" } }]';
    await run(`${head}jobs:\n${job(outputs)}${job(use, 'b')}`);
    expect(calls.at(-1)?.with).toEqual({ p: 'fine', t: '' });
  });

  test('that begins after the run was cancelled runs where its condition says always', async () => {
    const cancel = new AbortController();
    const cancelling: StandIn = (call) => {
      cancel.abort();
      return doIt(call);
    };
    const content = `${head}jobs:\n${job('steps: [{ uses: stop/it@v1 }, { uses: do/it@v1 }]')}${job(`needs: a\n${step}`, 'b')}${job(`needs: a\nif: always()\n${step}`, 'c')}`;
    const end = await run(content, { cancel: cancel.signal, actions: { 'do/it': doIt, 'stop/it': cancelling } });
    expect(end.jobs.map(({ id, result }) => [id, result])).toEqual([
      ['a', 'cancelled'],
      ['b', 'skipped'],
      ['c', 'success'],
    ]);
  });

  test('of an earlier attempt is not run again', async () => {
    const content = `${head}jobs:\n${job(step)}${job(`needs: a\n${step}`, 'b')}`;
    const first = await run(content);
    calls = [];
    await run(content, { earlier: first.jobs.slice(0, 1) });
    expect(calls.map((call) => call.job)).toEqual(['b']);
  });
});

test('artifacts pass from one job to the other, and a name is taken once', async () => {
  const artifacts = join(directory, 'artifacts');
  const write: StandIn = async ({ runnerTemp }) => {
    await writeFile(join(runnerTemp, 'note.txt'), 'left');
    return { exitCode: 0 };
  };
  const up = '{ uses: actions/upload-artifact@v1, with: { name: n, path: "${{ runner.temp }}" } }';
  const down = '{ uses: actions/download-artifact@v1, with: { name: n, path: "${{ runner.temp }}/got" } }';
  const end = await run(
    `${head}jobs:\n${job(`steps: [{ uses: w/w@v1 }, ${up}, ${up}]`)}${job(`needs: a\nif: always()\nsteps: [${down}]`, 'b')}`,
    {
      actions: {
        'w/w': write,
        'actions/upload-artifact': uploadStandIn(artifacts),
        'actions/download-artifact': downloadStandIn(artifacts),
      },
    },
  );
  expect(end.jobs.map(({ result }) => result)).toEqual(['failure', 'success']);
  expect(await readFile(join(directory, 'b', 'temp', 'got', 'note.txt'), 'utf8')).toBe('left');
});

describe('refused, instead of being passed over', () => {
  test.each([
    ['a script', job('steps: [{ run: echo }]'), /run of a step is not modelled/],
    ['a matrix', job(`strategy: { matrix: { n: [1] } }\n${step}`), /strategy of a job is not modelled/],
    ['a container', job(`container: x\n${step}`), /container of a job is not modelled/],
    ['a called workflow', '  a: { uses: ./.github/workflows/x.yml }\n', /uses of a job is not modelled/],
    ['a step that may fail', job('steps: [{ uses: do/it@v1, continue-on-error: true }]'), /continue-on-error/],
    ['an unknown action', job('steps: [{ uses: who/ever@v1 }]'), /nothing stands in for who\/ever@v1/],
    ['hashFiles', job('steps: [{ uses: do/it@v1, with: { h: "${{ hashFiles(\'x\') }}" } }]'), /hashFiles/],
    ['what GitHub would not take', job('steps: [{ use: do/it@v1 }]'), /use/],
  ])('%s', async (_, jobs, expected) => {
    await expect(run(`${head}jobs:\n${jobs}`)).rejects.toThrow(expected);
  });

  test('a job that leaves its permissions to settings of the repository', async () => {
    await expect(run(`on: { issues: {} }\njobs:\n${job(step)}`)).rejects.toThrow('does not say its permissions');
  });
});
