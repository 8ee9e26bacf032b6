// The harness's own eyes: each thing that must not be left by a run is planted here, and must be found.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { git } from '../../testbed/github/bare-repository.ts';
import { unsoundness, type FinishedRun } from '../support/scenario-soundness.ts';

let directory: string;
let sound: FinishedRun;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'soundness-'));
  const [workspace, runnerTemp, temporary] = ['workspace', 'runner', 'tmp'].map((name) => join(directory, name));
  for (const path of [workspace, runnerTemp, temporary]) await mkdir(String(path));
  await git(String(workspace), 'init', '--quiet');
  sound = {
    result: { timedOut: false, lines: ['all is well'], summary: '', outputs: {}, state: {} },
    lingeredMs: 10,
    github: { problems: [], log: [] },
    model: { refusals: [], requests: [] },
    secrets: ['hunter2'],
    processMark: join(directory, 'mark'),
    workspace: String(workspace),
    runnerTemp: String(runnerTemp),
    temporary: String(temporary),
    allObjects: '',
  };
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a sound run has no findings', async () => {
  expect(await unsoundness(sound)).toEqual([]);
});

test('a process that still runs is found', async () => {
  const child = spawn('sleep', ['30'], {
    env: { PATH: `${process.env['PATH']}:${sound.processMark}` },
    detached: true,
  });
  await once(child, 'spawn');
  const found = await unsoundness(sound);
  child.kill('SIGKILL');
  expect(found).toEqual([expect.stringMatching(/^still running: sleep 30/)]);
});

test('a file that was left behind and a change of the checkout are found', async () => {
  await writeFile(join(sound.temporary, 'left'), '');
  await mkdir(join(sound.runnerTemp, 'trees'));
  await mkdir(join(sound.runnerTemp, 'ai-implement'));
  await writeFile(join(sound.workspace, 'new.txt'), '');
  expect(await unsoundness(sound)).toEqual([
    'left behind: trees',
    'left behind: left',
    'changed in the checkout: ?? new.txt',
  ]);
});

test('a secret is found wherever it went', async () => {
  await mkdir(join(sound.runnerTemp, 'ai-implement'));
  const journal = join(sound.runnerTemp, 'ai-implement', 'journal.jsonl');
  await writeFile(journal, '{"token":"hunter2"}');
  const said = { ...sound.result, lines: ['it is hunter2'], outputs: { plan: 'hunter2' } };
  const found = await unsoundness({ ...sound, result: said, allObjects: 'x hunter2' });
  expect(found).toEqual(['the log', 'the outputs', 'a git object', journal].map((place) => `a secret in ${place}`));
});

test('a request that the script does not foresee is found', async () => {
  const lines = ['model: 400 the script does not foresee this: no line matches'];
  expect(await unsoundness({ ...sound, result: { ...sound.result, lines } })).toEqual(lines);
});

test('a broken rule and a late end are found', async () => {
  const late = { ...sound, lingeredMs: 6_000, github: { problems: ['no body'], log: [] } };
  expect(await unsoundness(late)).toEqual(['GitHub: no body', 'the process ended 6000 ms after its last line']);
});
