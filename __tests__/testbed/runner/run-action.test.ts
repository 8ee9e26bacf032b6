// The runner's contract, tried with an action that is bundled from the real toolkit.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { runAction, type ActionRun } from '../../../testbed/runner/run-action.ts';

const metadata = `
name: sample
description: tells what it was given
inputs:
  github-token: { description: token, default: '\${{ github.token }}' }
  my-input: { description: anything, default: from action.yml }
  mode: { description: what to do }
  text: { description: what to print }
runs: { using: node24, main: action.cjs }
`;
const program = `
import * as core from '@actions/core';
import { context } from '@actions/github';
const mode = core.getInput('mode');
if (mode === 'hang') { process.on('SIGINT', () => { core.info('interrupted'); process.exit(130); }); setInterval(() => {}, 1000); core.info('hanging'); }
else if (mode === 'stubborn') { process.on('SIGINT', () => {}); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); core.info('hanging'); }
else if (mode === 'fail') core.setFailed('no: good, 100%');
else if (mode === 'big-summary') require('node:fs').appendFileSync(process.env.GITHUB_STEP_SUMMARY, 'x'.repeat(1024 * 1024 + 1));
else if (mode === 'bad-output') require('node:fs').appendFileSync(process.env.GITHUB_OUTPUT, 'a<<END\\nno end');
else if (mode === 'print') process.stdout.write(core.getInput('text'));
else {
  core.setSecret('hunter2');
  core.info('the password is hunter2, the token ' + core.getInput('github-token'));
  core.setOutput('lines', 'one\\ntwo');
  core.setOutput('json', { a: 1 });
  core.saveState('when', 'now');
  core.warning('careful', { file: 'a,b.ts', startLine: 3 });
  core.summary.addRaw('# Done', true).write().then(() => core.setOutput('seen', {
    input: core.getInput('my-input'), event: context.eventName, issue: context.payload.issue.number, repo: context.repo,
    api: context.apiUrl, sha: context.sha, run: context.runId, cwd: process.cwd(), token: process.env.GITHUB_TOKEN ?? null,
    secret: process.env.NOT_FOR_ACTIONS ?? null, temp: process.env.RUNNER_TEMP !== undefined,
  }));
}
`;

let directory: string;
let run: Omit<ActionRun, 'inputs'>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runner-test-'));
  const workspace = join(directory, 'work');
  await mkdir(workspace);
  await writeFile(join(directory, 'action.yml'), metadata);
  const outfile = join(directory, 'action.cjs');
  const stdin = { contents: program, resolveDir: import.meta.dirname, loader: 'js' as const };
  await build({ stdin, bundle: true, platform: 'node', target: 'node20', format: 'cjs', outfile, logLevel: 'silent' });
  process.env['NOT_FOR_ACTIONS'] = 'leaked';
  run = {
    actionDirectory: directory,
    workspace,
    event: { name: 'issues', payload: { issue: { number: 7 } } },
    github: {
      token: 'ghs_job',
      url: 'http://127.0.0.1:9',
      repository: 'octo/demo',
      actor: 'octo',
      sha: 'f'.repeat(40),
      runId: 12,
    },
  };
});
afterAll(async () => {
  delete process.env['NOT_FOR_ACTIONS'];
  await rm(directory, { recursive: true, force: true });
});

const withMode = (mode: string, more: Partial<ActionRun> = {}): ReturnType<typeof runAction> =>
  runAction({ ...run, ...more, inputs: { mode, ...more.inputs } });

describe('an action on the runner', () => {
  test('sees the inputs, the event and nothing of our environment', async () => {
    const result = await runAction(run);
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.outputs['seen'] ?? '')).toEqual({
      input: 'from action.yml',
      event: 'issues',
      issue: 7,
      repo: { owner: 'octo', repo: 'demo' },
      api: 'http://127.0.0.1:9',
      sha: 'f'.repeat(40),
      run: 12,
      cwd: run.workspace,
      token: null,
      secret: null,
      temp: true,
    });
  });

  test('gives outputs, state, summary and annotations back', async () => {
    const { outputs, state, summary, annotations } = await runAction({ ...run, inputs: { 'my-input': 'given' } });
    expect(outputs).toMatchObject({ lines: 'one\ntwo', json: '{"a":1}' });
    expect(outputs['seen']).toContain('"input":"given"');
    expect(state).toEqual({ when: 'now' });
    expect(summary).toBe('# Done\n');
    expect(annotations).toEqual([{ level: 'warning', message: 'careful', properties: { file: 'a,b.ts', line: '3' } }]);
  });

  test('has its masked values and its token hidden in the log', async () => {
    const seen: string[] = [];
    const { lines, masks } = await runAction({ ...run, onLine: (line) => seen.push(line) });
    expect(lines).toContain('the password is ***, the token ***');
    expect([...lines, ...seen].join('\n')).not.toMatch(/hunter2|ghs_job/);
    expect(masks).toEqual(['hunter2']);
  });

  test('fails with its own message', async () => {
    const { exitCode, annotations } = await withMode('fail');
    expect(exitCode).toBe(1);
    expect(annotations).toEqual([{ level: 'error', message: 'no: good, 100%', properties: {} }]);
  });

  test('is warned of an input that action.yml does not have', async () => {
    const { annotations } = await withMode('fail', { inputs: { modus: 'x' } });
    expect(annotations[0]).toMatchObject({ level: 'warning', message: "Unexpected input(s) 'modus'" });
  });

  test('fails when an output file cannot be read', async () => {
    const { exitCode, annotations } = await withMode('bad-output');
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toContain("Matching delimiter not found 'END'");
  });

  test('loses a summary over one mebibyte', async () => {
    const { summary, annotations } = await withMode('big-summary');
    expect(summary).toBe('');
    expect(annotations[0]?.message).toContain('1024k');
  });

  test('can speak a command from any line it prints, unless commands are stopped', async () => {
    const spoken = await withMode('print', {
      inputs: { text: 'first\n  ::error::one\nx ##[warning]two\n::nonsense::three\n' },
    });
    expect(spoken.annotations.map(({ level, message }) => `${level} ${message}`)).toEqual(['error one', 'warning two']);
    const text = '::stop-commands::quiet\n::error::one\n::quiet::\n::notice::two\n';
    const stopped = await withMode('print', { inputs: { text } });
    expect(stopped.annotations.map(({ message }) => message)).toEqual(['two']);
  });
});

describe('an action that does not end', () => {
  test('is interrupted at its time limit and may still tidy up', async () => {
    const { exitCode, timedOut, lines } = await withMode('hang', { timeoutMs: 700 });
    expect({ exitCode, timedOut }).toEqual({ exitCode: 130, timedOut: true });
    expect(lines).toContain('interrupted');
  });

  test('is killed when it ignores both signals', async () => {
    const { exitCode, signal, durationMs } = await withMode('stubborn', { timeoutMs: 500, graceMs: [200, 200] });
    expect({ exitCode, signal }).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(durationMs).toBeGreaterThanOrEqual(850);
  });

  test('is cancelled by the button and killed with a lost machine', async () => {
    const cancel = new AbortController();
    const cancelled = await withMode('hang', { cancel: cancel.signal, onLine: () => cancel.abort() });
    expect(cancelled).toMatchObject({ exitCode: 130, timedOut: false });
    const lose = new AbortController();
    const lost = await withMode('hang', { lose: lose.signal, onLine: () => lose.abort() });
    expect(lost).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });
});
