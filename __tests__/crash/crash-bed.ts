// The demo's work on an embedded GitHub and model, which outlive the processes that do it: terminal or action, killed or not.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ISSUE, JOB_PERMISSIONS, LABEL, PERSON, REPOSITORY } from '../../demo/request.ts';
import { labeledEvent } from '../../testbed/github/events.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import { startModelServer } from '../../testbed/model/server.ts';
import { checkout } from '../../testbed/runner/checkout.ts';
import { runAction } from '../../testbed/runner/run-action.ts';
import { killPointName, memoryName, type KillPoint } from './kill-point.ts';
import { createSteadyScript, type Patience } from './steady-script.ts';

export interface BedOptions {
  /** Of the product, with dist/. */
  readonly root: string;
  /** The bundled kill-hook.ts. */
  readonly hook: string;
  /** First on PATH; see remembered-tests.ts. */
  readonly bin: string;
  readonly patience?: Patience;
}

/** How a process ended. */
export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What one machine has of a run: all of it is gone with the machine. */
export interface Machine {
  readonly workspace: string;
  readonly runnerTemp: string;
  /** TMPDIR. */
  readonly temporary: string;
}

export type CrashBed = Awaited<ReturnType<typeof openCrashBed>>;

const apiKey = 'key-0123456789';
const token = 'tok-mona-0123456789';
/** Of the one run of a workflow; its attempts count from 1. */
const workflowRun = 101;
/** Far more than it takes, since a run that is stopped for it looks like a fault of its own. */
const timeoutMs = 600_000;

export async function openCrashBed({ root, hook, bin, patience }: BedOptions) {
  const directory = await mkdtemp(join(tmpdir(), 'crash-'));
  const repositories = [{ name: REPOSITORY, collaborators: { [PERSON]: 'write' as const } }];
  const github = await startGitHub({ users: [PERSON], repositories, tokens: { [token]: PERSON } });
  const bare = github.bareRepository(REPOSITORY);
  const model = await startModelServer({ script: createSteadyScript(root, bare, patience) });
  await github.seedRepository(REPOSITORY, join(root, 'demo/sample'), {
    message: 'feat: a notes board',
    author: PERSON,
  });
  const issue = await github.createIssue({ repository: REPOSITORY, ...ISSUE, author: PERSON });
  const event = await labeledEvent(github, {
    repository: REPOSITORY,
    issueNumber: issue.number,
    label: LABEL,
    sender: PERSON,
  });
  const cloneUrl = github.cloneUrl(REPOSITORY);
  const path = `${bin}:${process.env['PATH'] ?? ''}`;
  let machines = 0;

  const armed = (point: KillPoint | null): Record<string, string> =>
    point === null
      ? { NODE_OPTIONS: `--require ${hook}`, [memoryName]: bin }
      : { NODE_OPTIONS: `--require ${hook}`, [killPointName]: JSON.stringify(point) };

  return {
    github,
    model,
    issue,
    /** A fresh checkout with nothing beside it. */
    async newMachine(): Promise<Machine> {
      const home = join(directory, `machine-${String(++machines)}`);
      const machine = {
        workspace: join(home, 'notes'),
        runnerTemp: join(home, 'runner'),
        temporary: join(home, 'tmp'),
      };
      for (const folder of Object.values(machine)) await mkdir(folder, { recursive: true });
      await checkout({ cloneUrl, token, directory: machine.workspace, depth: 0 });
      return machine;
    },
    /** The bundled command line, until it ends or is killed at the point. */
    terminal(
      { workspace, temporary }: Machine,
      point: KillPoint | null = null,
      args: readonly string[] = ['run', '--issue', String(issue.number), '--repo', REPOSITORY],
    ): Promise<Ended> {
      const env = {
        ...{ PATH: path, HOME: directory, TMPDIR: temporary, GITHUB_TOKEN: token },
        ...{ GITHUB_SERVER_URL: github.url, GITHUB_API_URL: github.url },
        ...{ ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: model.url },
        ...armed(point),
      };
      const child = spawn(process.execPath, [join(root, 'dist/cli.cjs'), ...args, '--project-dir', workspace], { env });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      return new Promise((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, output, outputs: {} }));
      });
    },
    /** The bundled action as a step of the run's attempt with this number. */
    async action(machine: Machine, runAttempt: number, point: KillPoint | null = null): Promise<Ended> {
      const jobToken = github.mintToken(JOB_PERMISSIONS, REPOSITORY);
      const { exitCode, lines, outputs } = await runAction({
        actionDirectory: root,
        workspace: machine.workspace,
        event,
        github: {
          ...{ token: jobToken, url: github.url, repository: REPOSITORY, actor: PERSON, sha: '' },
          ...{ runId: workflowRun, runAttempt },
        },
        inputs: { 'anthropic-api-key': apiKey, 'anthropic-base-url': model.url },
        env: { PATH: path, TMPDIR: machine.temporary, RUNNER_TEMP: machine.runnerTemp, ...armed(point) },
        timeoutMs,
      });
      return { code: exitCode, output: lines.join('\n'), outputs };
    },
    async close() {
      await model.close();
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
