// The demo's work on an embedded GitHub and model, done by the bundled command line in a process that may be killed.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ISSUE, PERSON, REPOSITORY } from '../../demo/request.ts';
import { createScript } from '../../demo/script/script.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { Script } from '../../testbed/model/script.ts';
import { startModelServer } from '../../testbed/model/server.ts';
import { checkout } from '../../testbed/runner/checkout.ts';
import { readJournal } from '../../src/journal/read-journal.ts';
import type { RunEvent } from '../../src/events.ts';

const git = (...args: readonly string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

const token = 'tok-mona-0123456789';

/** Time before each reply: long enough that calls of agents overlap. */
const LATENCY_MS = 15;

/** The same words to the same turn of a conversation, however often it is asked for: a lost reply is asked for again. */
function byTurn(make: () => Script): Script {
  const known = new Map<string, ReturnType<Script>>();
  const fresh = make();
  return async (request) => {
    const key = `${request.conversation} ${request.turn}`;
    const reply = known.get(key) ?? fresh(request);
    known.set(key, reply);
    const message = await reply;
    return message.kind === 'message' ? { ...message, latencyMs: LATENCY_MS } : message;
  };
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

export async function openCrashBed(root: string) {
  const directory = await mkdtemp(join(tmpdir(), 'crash-'));
  const project = join(directory, 'notes');
  const repositories = [{ name: REPOSITORY, collaborators: { [PERSON]: 'write' as const } }];
  const github = await startGitHub({ users: [PERSON], repositories, tokens: { [token]: PERSON } });
  const model = await startModelServer({ script: byTurn(() => createScript(join(root, 'demo/written'))) });
  await github.seedRepository(REPOSITORY, join(root, 'demo/sample'), {
    message: 'feat: a notes board',
    author: PERSON,
  });
  const issue = await github.createIssue({ repository: REPOSITORY, ...ISSUE, author: PERSON });
  await checkout({ cloneUrl: github.cloneUrl(REPOSITORY), token, directory: project, depth: 0 });

  const runs = join(project, '.ai-agents/runs');
  /** Of the run that got furthest: one killed before it said what was asked for is not found again. */
  const journalPath = (): string | null => {
    const names = existsSync(runs) ? readdirSync(runs) : [];
    const paths = names.map((name) => join(runs, name, 'journal.jsonl')).filter((path) => existsSync(path));
    return paths.sort((one, other) => statSync(other).size - statSync(one).size)[0] ?? null;
  };
  const journalText = (): string => {
    const path = journalPath();
    return path === null ? '' : readFileSync(path, 'utf8');
  };
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GITHUB_TOKEN: token,
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: github.url,
    ANTHROPIC_API_KEY: 'key-0123456789',
    ANTHROPIC_BASE_URL: model.url,
  };
  const call = (args: readonly string[], watch: (child: ChildProcess) => void): Promise<Ended> => {
    const child = spawn(process.execPath, [join(root, 'dist/cli.cjs'), ...args, '--project-dir', project], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    watch(child);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
  };
  /** The run as a person starts it; `watch` gets the process while it goes. */
  const run = (watch: (child: ChildProcess) => void = () => undefined): Promise<Ended> =>
    call(['run', '--issue', String(issue.number), '--repo', REPOSITORY], watch);
  return {
    run,
    /** The whole run again, offline. */
    replay: (): Promise<Ended> => call(['replay', journalPath() ?? ''], () => undefined),
    journalText,
    events: (): readonly RunEvent[] => readJournal(journalText()).entries.map(({ event }) => event),
    requests: () => model.requests,
    async result() {
      const pulls = (await github.api('GET', `/repos/${REPOSITORY}/pulls?state=all`)).body;
      const comments = (await github.api('GET', `/repos/${REPOSITORY}/issues/comments?per_page=100`)).body;
      const bare = github.bareRepository(REPOSITORY);
      const branches = git('-C', bare, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/ai').split('\n');
      return {
        pulls: Array.isArray(pulls) ? pulls.length : -1,
        comments: Array.isArray(comments) ? comments.length : -1,
        branches,
        tree: git('-C', bare, 'rev-parse', `ai/issue-${String(issue.number)}^{tree}`),
      };
    },
    async close() {
      await model.close();
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
