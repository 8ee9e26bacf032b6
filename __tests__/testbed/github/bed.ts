// One embedded GitHub for a test file, with a working copy and clients beside it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { createOpenApiJudge } from '../../../testbed/github/openapi-judge.ts';
import { startGitHub } from '../../../testbed/github/server.ts';
import type { GitHubServer } from '../../../testbed/github/types.ts';

export const DEMO = 'octo/demo';
export const demo = { owner: 'octo', repo: 'demo' };

export interface TestBed {
  readonly github: GitHubServer;
  /** An empty directory that goes when the bed is closed. */
  readonly directory: string;
  /** A client with a token; none for an anonymous one. */
  client(token?: string): Octokit['rest'];
  close(): Promise<void>;
}

/** `octo/demo` with a writer, a triager, a maintainer and a stranger; `octo/strict`; `octo/empty`. */
export async function startBed(): Promise<TestBed> {
  const github = await startGitHub({
    users: ['stranger'],
    repositories: [
      { name: DEMO, collaborators: { writer: 'write', triager: 'triage', maintainer: 'maintain' } },
      { name: 'octo/strict', actionsMayOpenPullRequests: false },
      { name: 'octo/empty' },
    ],
    tokens: { 'tok-octo': 'octo', 'tok-writer': 'writer', 'tok-triager': 'triager', 'tok-stranger': 'stranger' },
    judge: createOpenApiJudge(),
  });
  await github.seedRepository(DEMO, { 'README.md': '# demo\n', 'src/a.txt': 'a\n' });
  const directory = await mkdtemp(join(tmpdir(), 'bed-test-'));
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  return {
    github,
    directory,
    client: (token) =>
      new Octokit({ baseUrl: github.url, log: silent, ...(token === undefined ? {} : { auth: token }) }).rest,
    async close() {
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Runs git as a user would, without this machine's configuration; rejects with git's words in the message. */
export async function userGit(directory: string, ...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=Zoë', '-c', 'user.email=zoe@example.com'];
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  const { stdout } = await promisify(execFile)('git', ['-C', directory, ...identity, ...args], { env });
  return stdout.trim();
}

/** The address of a repository with a token in it, as `git remote` takes it. */
export const withToken = (url: string, token: string): string => url.replace('://', `://x-access-token:${token}@`);
