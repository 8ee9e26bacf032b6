// The way of one request: who asks, is it struck by a fault, may they, what is the answer, does it fit the description.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, Fault, Identity, Judge, LogEntry } from './types.ts';
import { authorize } from './authorize.ts';
import { grantsAllow, roleIncludes } from './access.ts';
import { notFound, refusal } from './answers.ts';
import { fieldsOf, type Bed, type Call, type Operation } from './calls.ts';
import type { Faults } from './faults.ts';
import { parseGitRequest, serveGit, type GitRequest } from './git-http.ts';
import { GRAPHQL } from './operations.ts';
import type { Route } from './route.ts';

export interface Gateway {
  readonly bed: Bed;
  readonly root: string;
  readonly faults: Faults;
  readonly judge: Judge | undefined;
  readonly route: (method: string, pathname: string) => Route | null;
  readonly log: LogEntry[];
  readonly problems: string[];
}

/** Answers one request of either kind; rejects only for a fault of the bed itself. */
export async function handle(gateway: Gateway, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const method = incoming.method ?? 'GET';
  const path = incoming.url ?? '/';
  const token = tokenOf(incoming);
  const identity = token === null ? null : gateway.bed.access.identify(token);
  const git = parseGitRequest(path);
  const fault = identity?.bed === true ? null : gateway.faults.strike(method, path);
  const body = git === null ? await readBody(incoming) : undefined;
  const note = (status: number, answer?: unknown): void => {
    if (identity?.bed === true) return;
    const kind = git === null ? 'api' : 'git';
    gateway.log.push({ method, path, kind, login: identity?.login ?? null, body, status, answer });
  };
  if (fault !== null) return strike(fault, outgoing, note);
  if (git !== null) {
    const refused = refuseGit(gateway.bed, git, token, identity);
    if (refused !== null) return writeGitRefusal(refused, outgoing, note);
    const pusher = identity?.grants === null || identity === null ? 'user' : 'app';
    return note(await serveGit(gateway.root, git, pusher, { incoming, outgoing }));
  }
  const answer = await answerApi(gateway, { method, path, body, token, identity });
  note(answer.status, answer.body);
  writeJson(answer, outgoing);
}

interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly token: string | null;
  readonly identity: Identity | null;
}

async function answerApi(gateway: Gateway, arrived: Arrived): Promise<Answer> {
  const { method, path, body, token, identity } = arrived;
  if (token !== null && identity === null) return refusal(401, 'Bad credentials');
  const [pathname = '', query = ''] = path.split('?');
  const route = gateway.route(method, pathname);
  if (route === null) {
    gateway.problems.push(`${method} ${pathname} is not among the operations of the bed`);
    return refusal(501, 'The embedded GitHub does not have this operation');
  }
  const { operation, params } = route;
  const repository = params['owner'] === undefined ? '' : `${params['owner']}/${params['repo'] ?? ''}`;
  if (repository !== '' && gateway.bed.access.repository(repository) === undefined) return notFound();
  const call: Call = {
    method,
    path,
    params,
    repository,
    identity,
    query: new URLSearchParams(query),
    body: fieldsOf(body),
  };
  const answer = (await authorize(operation, call, gateway.bed)) ?? (await operation.answer(call, gateway.bed));
  judge(gateway, operation, body, answer);
  return answer;
}

/** Refusals that GitHub's description seldom lists are left out: 401, 403 and 404. */
function judge(gateway: Gateway, operation: Operation, body: unknown, answer: Answer): void {
  if (gateway.judge === undefined || [401, 403, 404].includes(answer.status) || operation.path === GRAPHQL) return;
  const name = `${operation.method} ${operation.path}`;
  const sent = body === undefined || answer.status === 422 ? [] : gateway.judge.request(name, body);
  for (const problem of sent) gateway.problems.push(`${name} request: ${problem}`);
  for (const problem of gateway.judge.response(name, answer.status, answer.body))
    gateway.problems.push(`${name} ${String(answer.status)}: ${problem}`);
}

function refuseGit(bed: Bed, git: GitRequest, token: string | null, identity: Identity | null): Answer | null {
  if (bed.access.repository(git.repository) === undefined) return { status: 404, body: 'Repository not found.' };
  const unknown = token !== null && identity === null;
  if (unknown || (git.isPush && identity === null)) return { status: 401, body: 'Invalid username or token.' };
  if (!git.isPush || identity === null || mayPush(bed, git.repository, identity)) return null;
  return { status: 403, body: `Permission to ${git.repository}.git denied to ${identity.login}.` };
}

function mayPush(bed: Bed, repository: string, identity: Identity): boolean {
  if (identity.bed) return true;
  if (identity.grants === null) return roleIncludes(bed.access.role(identity.login, repository), 'write');
  return identity.grants.repository === repository && grantsAllow(identity.grants.permissions, ['contents=write']);
}

function writeGitRefusal(refused: Answer, outgoing: ServerResponse, note: (status: number) => void): void {
  note(refused.status);
  const challenge = refused.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  outgoing.writeHead(refused.status, { 'content-type': 'text/plain', ...challenge }).end(String(refused.body));
}

function strike(fault: Fault, outgoing: ServerResponse, note: (status: number, answer: unknown) => void): void {
  note(fault.hangUp === true ? 0 : (fault.status ?? 500), fault.body);
  if (fault.hangUp === true) outgoing.destroy();
  else
    writeJson(
      { status: fault.status ?? 500, body: fault.body ?? { message: 'Server Error' }, headers: fault.headers ?? {} },
      outgoing,
    );
}

function writeJson(answer: Answer, outgoing: ServerResponse): void {
  const type = answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  outgoing.writeHead(answer.status, { ...type, 'x-github-request-id': randomUUID(), ...answer.headers });
  outgoing.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}

/** The token of `Authorization: Bearer|token ...`, or the password of Basic, which is what git sends. */
function tokenOf(incoming: IncomingMessage): string | null {
  const [kind = '', value = ''] = (incoming.headers.authorization ?? '').split(' ');
  if (value === '') return null;
  if (kind.toLowerCase() !== 'basic') return value;
  return Buffer.from(value, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return text === '' || text === '""' ? undefined : JSON.parse(text);
}
