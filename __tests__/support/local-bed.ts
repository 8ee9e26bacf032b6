// A project on this machine alone, and the bundled command line on it in processes that may be killed or stopped.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asksForJson, call, say, type Script, type ScriptedReply } from '../../testbed/model/script.ts';
import { startModelServer, type ModelServer } from '../../testbed/model/server.ts';
import { makeRepository } from '../adapters/git-bed.ts';
import { planReply, replyTask } from './spine.ts';

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

export interface LocalBed {
  readonly project: string;
  readonly model: ModelServer;
  /** Folders of the runs, oldest first. */
  runs(): readonly string[];
  /** @param through a program that starts the command line, with its arguments before it */
  start(
    args: readonly string[],
    through?: readonly string[],
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  close(): Promise<void>;
}

/** Turn of the agent, from 0, to what it says; asked for again, it says the same again. */
export type AgentTurns = readonly (ScriptedReply | (() => ScriptedReply | Promise<ScriptedReply>))[];

const task = replyTask(1, { owns: ['**'], acceptance: ['true'], estimated_turns: 8 });
const plan = say(JSON.stringify(planReply([task])));
const review = say(JSON.stringify({ findings: [], verdict: 'sound' }));

export const finish = say(
  call('finish', { status: 'done', summary: 'Added.', tests_run: [], notes_for_dependents: '' }),
);

/** The command that all these tests give. */
export const addFiles = ['run', '--feature', 'add files'] as const;

const scriptOf =
  (turns: AgentTurns): Script =>
  (request) => {
    if (request.ownText.includes('you review a change')) return review;
    if (asksForJson(request)) return plan;
    const turn = turns[request.turn] ?? say('There is no such turn.');
    return typeof turn === 'function' ? turn() : turn;
  };

/** @param turns of the only agent */
export async function openLocalBed(turns: AgentTurns): Promise<LocalBed> {
  const directory = await mkdtemp(join(tmpdir(), 'terminal-bed-'));
  const project = join(directory, 'shop');
  const temporary = join(directory, 'tmp');
  await mkdir(temporary);
  await makeRepository(project, { 'a.txt': 'one\n' });
  const model = await startModelServer({ script: scriptOf(turns) });
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    TMPDIR: temporary,
    ANTHROPIC_API_KEY: 'key-0123456789',
    ANTHROPIC_BASE_URL: model.url,
  };
  const runsIn = join(project, '.ai-agents/runs');
  return {
    project,
    model,
    runs: () => {
      const names = readdirSync(runsIn, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      return names.map(({ name }) => join(runsIn, name)).sort();
    },
    start(args, through = []) {
      const [program = '', ...rest] = [...through, process.execPath, 'dist/cli.cjs', ...args, '--project-dir', project];
      // A group of its own, so that a test can signal it as a terminal does.
      const child = spawn(program, rest, { env, detached: true });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const ended = new Promise<Ended>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, output }));
      });
      return { child, ended };
    },
    close: async () => {
      await model.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
