// The bundled command line on a checked-out project, with an embedded GitHub and a scripted model.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer } from '../../testbed/github/types.ts';
import type { Script } from '../../testbed/model/script.ts';
import { startModelServer, type ModelServer } from '../../testbed/model/server.ts';
import { checkout } from '../../testbed/runner/checkout.ts';
import { sampleFiles } from './scenario-files.ts';

const token = 'tok-ann-0123456789';
export const TERMINAL_REPOSITORY = 'octo/shop';

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export interface TerminalBed {
  readonly github: GitHubServer;
  readonly model: ModelServer;
  /** The checkout. */
  readonly project: string;
  /** A folder for what a test makes itself. */
  readonly directory: string;
  /** Calls the command line on the project; `watch` gets the process while it goes. */
  call(args: readonly string[], watch?: (child: ChildProcess) => void): Promise<Ended>;
  /** The same with another bundle. */
  callWith(bundle: string, args: readonly string[]): Promise<Ended>;
  /** Path of the newest run's journal. */
  journalPath(): string;
  /** Its text; empty as long as there is none. */
  journalText(): string;
  close(): Promise<void>;
}

/** `octo/shop`, where `ann` may write; the sample project of the scenarios unless other files are given. */
export async function startTerminal(
  script: Script,
  files: Readonly<Record<string, string>> = sampleFiles,
): Promise<TerminalBed> {
  const directory = await mkdtemp(join(tmpdir(), 'terminal-'));
  const project = join(directory, 'shop');
  const repositories = [{ name: TERMINAL_REPOSITORY, collaborators: { ann: 'write' as const } }];
  const github = await startGitHub({ users: ['ann', 'bob', 'mallory'], repositories, tokens: { [token]: 'ann' } });
  const model = await startModelServer({ script });
  await github.seedRepository(TERMINAL_REPOSITORY, files);
  await checkout({ cloneUrl: github.cloneUrl(TERMINAL_REPOSITORY), token, directory: project, depth: 0 });
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GITHUB_TOKEN: token,
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.url,
    ANTHROPIC_API_KEY: 'key-0123456789',
    ANTHROPIC_BASE_URL: model.url,
  };
  const runs = join(project, '.ai-agents/runs');
  const newest = (): string => (existsSync(runs) ? (readdirSync(runs).sort().at(-1) ?? '') : '');
  const start = (bundle: string, args: readonly string[], watch: (child: ChildProcess) => void): Promise<Ended> => {
    const child = spawn(process.execPath, [bundle, ...args, '--project-dir', project], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    watch(child);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
  };
  const journalPath = (): string => join(runs, newest(), 'journal.jsonl');
  return {
    github,
    model,
    project,
    directory,
    call: (args, watch = () => undefined) => start('dist/cli.cjs', args, watch),
    callWith: (bundle, args) => start(bundle, args, () => undefined),
    journalPath,
    journalText: () => (existsSync(journalPath()) ? readFileSync(journalPath(), 'utf8') : ''),
    async close() {
      await github.close();
      await model.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
