// One loopback address that acts as api.github.com and github.com for a run: REST, git over HTTP, faults, a log.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from './access.ts';
import { createBareRepository } from './bare-repository.ts';
import { field } from './calls.ts';
import { startEmulator } from './emulator.ts';
import { createIssueHistory } from './issue-history.ts';
import { changeIssue } from './issues.ts';
import { createFaults } from './faults.ts';
import { handle, type Gateway } from './gateway.ts';
import { createOperations } from './operations.ts';
import { createRouter } from './route.ts';
import { seedRepository } from './seed-repository.ts';
import type { GitHubOptions, GitHubServer } from './types.ts';

/**
 * Starts an embedded GitHub on a free port of 127.0.0.1, with empty repositories. Close it to end it and remove its
 * files. Never run a synchronous git against it from the same process: both would wait for ever.
 */
export async function startGitHub(options: GitHubOptions): Promise<GitHubServer> {
  const root = await mkdtemp(join(tmpdir(), 'bed-github-'));
  const directory = (repository: string): string => join(root, `${repository}.git`);
  for (const { name, defaultBranch = 'main' } of options.repositories)
    await createBareRepository(directory(name), defaultBranch);
  const http = createServer();
  const url = await listen(http);
  const access = createAccess(options);
  const emulator = await startEmulator(options, url);
  const gateway: Gateway = {
    bed: { url, access, emulator, history: createIssueHistory(), directory },
    root,
    faults: createFaults(),
    judge: options.judge,
    route: createRouter(createOperations()),
    log: [],
    problems: [],
  };
  const answering = new Set<Promise<void>>();
  http.on('request', (incoming, outgoing) => {
    const answered = handle(gateway, incoming, outgoing).catch((error: unknown) => {
      gateway.problems.push(`the bed failed: ${String(error)}`);
      outgoing.destroy();
    });
    answering.add(answered);
    void answered.finally(() => answering.delete(answered));
  });
  const settled = async (): Promise<void> => {
    while (answering.size > 0) await Promise.all(answering);
  };
  const close = async (): Promise<void> => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
    await emulator.close();
    await rm(root, { recursive: true, force: true });
  };
  return { ...serverMethods(gateway), settled, close };
}

function serverMethods(gateway: Gateway): Omit<GitHubServer, 'settled' | 'close'> {
  const { bed, log, problems, faults } = gateway;
  const headers = { authorization: `token ${bed.access.bedToken}`, 'content-type': 'application/json' };
  const api: GitHubServer['api'] = async (method, path, body) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(bed.url + path, { method, headers, ...sent });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    url: bed.url,
    log,
    problems,
    api,
    cloneUrl: (repository) => `${bed.url}/${repository}.git`,
    bareRepository: bed.directory,
    mintToken: bed.access.mint,
    seedRepository: (repository, source, seed) => seedRepository(bed.directory(repository), source, seed),
    async createIssue({ repository, title, body, author, labels = [] }) {
      const issue = await made(gateway, author, `/repos/${repository}/issues`, { title, body: body ?? null, labels });
      return {
        number: Number(field(issue, 'number')),
        id: Number(field(issue, 'id')),
        url: String(field(issue, 'html_url')),
      };
    },
    async createComment({ repository, issueNumber, body, author }) {
      const comment = await made(gateway, author, `/repos/${repository}/issues/${String(issueNumber)}/comments`, {
        body,
      });
      return { id: Number(field(comment, 'id')) };
    },
    async editIssue({ repository, issueNumber, editor, at, ...texts }) {
      const path = `/repos/${repository}/issues/${String(issueNumber)}`;
      const identity = { login: editor, grants: null, bed: false };
      const params = { issue_number: String(issueNumber) };
      const call = { method: 'PATCH', path, params, repository, identity, query: new URLSearchParams(), body: texts };
      const answer = await changeIssue(call, bed, at);
      if (answer.status !== 200) throw new Error(`PATCH ${path} as ${editor}: ${JSON.stringify(answer)}`);
    },
    async openForkPullRequest({ repository, author, branch, ...texts }) {
      await bed.emulator.ask(author, 'POST', `/repos/${repository}/forks`, {});
      const head = `${author}:${branch}`;
      return Number(
        field(await made(gateway, author, `/repos/${repository}/pulls`, { ...texts, head, base: 'main' }), 'number'),
      );
    },
    fault: faults.add,
  };
}

/** What a person makes in the browser: not logged, since it is no request of the product. */
async function made(gateway: Gateway, author: string, path: string, body: unknown): Promise<unknown> {
  const answer = await gateway.bed.emulator.ask(author, 'POST', path, body);
  if (answer.status !== 201) throw new Error(`POST ${path} as ${author}: ${JSON.stringify(answer)}`);
  return answer.body;
}

function listen(http: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', () => {
      const address = http.address();
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${String(address.port)}`);
    });
  });
}
