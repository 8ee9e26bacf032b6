// What must hold after every run, whatever it was about: no secret shown, nothing left behind, no rule of a service broken.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { GitHubServer } from '../../testbed/github/types.ts';
import type { ActionResult } from '../../testbed/runner/run-action.ts';
import type { ScenarioModel } from './scenario-provider.ts';

export interface FinishedRun {
  readonly result: Pick<ActionResult, 'timedOut' | 'lines' | 'summary' | 'outputs' | 'state'>;
  /** From the last line of the log to the end of the process. */
  readonly lingeredMs: number;
  readonly github: Pick<GitHubServer, 'problems' | 'log'>;
  readonly model: Pick<ScenarioModel, 'refusals' | 'requests'>;
  readonly secrets: readonly string[];
  /** Text that every process of the run has in its environment. */
  readonly processMark: string;
  readonly workspace: string;
  /** RUNNER_TEMP, and the directory for other temporary files. */
  readonly runnerTemp: string;
  readonly temporary: string;
  readonly allObjects: string;
}

/** A process that has nothing more to say must end by itself in this time, on a busy machine too. */
const MAX_LINGER_MS = 5_000;

/** Everything found wrong, one line each; empty after a sound run. */
export async function unsoundness(run: FinishedRun): Promise<readonly string[]> {
  const { result, github, model } = run;
  return [
    ...github.problems.map((problem) => `GitHub: ${problem}`),
    ...model.refusals.map(({ status, message }) => `model: ${status} ${message}`),
    ...result.lines.filter((line) => line.includes('the script does not foresee')).slice(0, 1),
    ...(result.timedOut ? ['the process had to be stopped'] : []),
    ...(run.lingeredMs > MAX_LINGER_MS ? [`the process ended ${run.lingeredMs} ms after its last line`] : []),
    ...(await leftProcesses(run.processMark)).map((command) => `still running: ${command}`),
    ...(await leftFiles(run)).map((path) => `left behind: ${path}`),
    ...(await changesOf(run.workspace)).map((line) => `changed in the checkout: ${line}`),
    ...(await leaks(run)).map((place) => `a secret in ${place}`),
  ];
}

async function leftProcesses(mark: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
    if (!environment.includes(mark)) return [];
    return [(await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')];
  });
  return (await Promise.all(found)).flat();
}

/** Journal, logs and report stay in one folder; trees, stores and temporary files must be gone. */
async function leftFiles({ runnerTemp, temporary }: FinishedRun): Promise<readonly string[]> {
  const kept = (await readdir(runnerTemp)).filter((name) => name !== 'ai-implement');
  return [...kept, ...(await readdir(temporary))];
}

async function changesOf(workspace: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('git', ['-C', workspace, 'status', '--porcelain']);
  return stdout.split('\n').filter(Boolean);
}

async function leaks(run: FinishedRun): Promise<readonly string[]> {
  const { result, github, model } = run;
  const texts: (readonly [place: string, text: string])[] = [
    ['the log', result.lines.join('\n')],
    ['the summary', result.summary],
    ['the outputs', JSON.stringify(result.outputs)],
    ['the state', JSON.stringify(result.state)],
    ...github.log.map(({ method, path, body }) => [`${method} ${path}`, path + JSON.stringify(body ?? '')] as const),
    ...model.requests.map(({ body }) => ['a request to the model', JSON.stringify(body)] as const),
    ['a git object', run.allObjects],
    ...(await filesBelow(run.runnerTemp)),
    ...(await filesBelow(run.workspace)),
  ];
  return [
    ...new Set(texts.filter(([, text]) => run.secrets.some((one) => text.includes(one))).map(([place]) => place)),
  ];
}

async function filesBelow(directory: string): Promise<(readonly [string, string])[]> {
  // An overlay that is mounted has a folder of the kernel's own, which an ordinary user may not look into.
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (basename(directory) === 'work') return [];
    throw error;
  });
  const found = entries.map(async (entry): Promise<(readonly [string, string])[]> => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [[path, await readFile(path, 'utf8')]] : [];
  });
  return (await Promise.all(found)).flat();
}
