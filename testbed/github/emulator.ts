// The emulator that remembers issues, comments, labels and pull requests, and formats them as GitHub does.
import { randomBytes } from 'node:crypto';
import { createEmulator } from 'emulate';
import type { Answer, GitHubOptions } from './types.ts';
import { ACTIONS_BOT } from './access.ts';
import { refusal } from './answers.ts';

export interface Emulator {
  /** Asks as a user (null: nobody). Addresses in the answer point at the gateway; errors have GitHub's shape. */
  ask(login: string | null, method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** @param gatewayUrl what the emulator's own address is replaced by in every answer. */
export async function startEmulator(options: GitHubOptions, gatewayUrl: string): Promise<Emulator> {
  const tokens = tokensOf(options);
  const seededTokens = [...tokens].map(([login, token]): [string, { login: string }] => [token, { login }]);
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: Object.fromEntries(seededTokens),
      github: { users: seededUsers(tokens), repos: seededRepos(options) },
    },
  });
  const inner = emulator.url.replace('localhost', '127.0.0.1');
  const ask: Emulator['ask'] = async (login, method, path, body) => {
    const token = login === null ? undefined : tokens.get(login);
    const response = await fetch(inner + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `token ${token}` }),
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    const text = (await response.text()).replaceAll(emulator.url, gatewayUrl);
    return answerOf(response, text, (link) => link.replaceAll(inner, gatewayUrl).replaceAll(emulator.url, gatewayUrl));
  };
  await addCollaborators(options, ask);
  return { ask, close: () => emulator.close() };
}

function tokensOf(options: GitHubOptions): ReadonlyMap<string, string> {
  const owners = options.repositories.map((repository) => repository.name.split('/')[0] ?? '');
  const collaborators = options.repositories.flatMap((repository) => Object.keys(repository.collaborators ?? {}));
  const logins = new Set([
    ...owners,
    ...options.users,
    ...collaborators,
    ...Object.values(options.tokens ?? {}),
    ACTIONS_BOT,
  ]);
  return new Map([...logins].map((login) => [login, `inner_${randomBytes(12).toString('hex')}`]));
}

const seededUsers = (tokens: ReadonlyMap<string, string>): unknown[] =>
  [...tokens.keys()].map((login) => ({ login, name: login }));

/** Its own git data is never served (git is the truth); a first commit makes it accept pull requests. */
const seededRepos = (options: GitHubOptions): unknown[] =>
  options.repositories.map((repository) => {
    const [owner, name] = repository.name.split('/');
    return { owner, name, default_branch: repository.defaultBranch ?? 'main', auto_init: true };
  });

/** Only for `author_association`; what a user may do is decided by the gateway. */
async function addCollaborators(options: GitHubOptions, ask: Emulator['ask']): Promise<void> {
  for (const { name, collaborators = {} } of options.repositories)
    for (const [login, role] of Object.entries(collaborators)) {
      const permission = role === 'write' ? 'push' : role === 'read' ? 'pull' : role;
      if (role !== 'none')
        await ask(name.split('/')[0] ?? null, 'PUT', `/repos/${name}/collaborators/${login}`, { permission });
    }
}

function answerOf(response: Response, text: string, rewriteLink: (link: string) => string): Answer {
  const body: unknown = text === '' ? undefined : JSON.parse(text, reviveBot);
  const headers = passedHeaders(response.headers, rewriteLink);
  if (response.status < 400) return { status: response.status, body, headers };
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : 'Error';
  return refusal(response.status, message === 'Validation failed' ? 'Validation Failed' : message, { headers });
}

function passedHeaders(headers: Headers, rewriteLink: (link: string) => string): Readonly<Record<string, string>> {
  const passed: Record<string, string> = {};
  const limit = Number(headers.get('x-ratelimit-limit') ?? 0);
  for (const name of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-resource']) {
    const value = headers.get(name);
    if (value !== null) passed[name] = value;
  }
  passed['x-ratelimit-used'] = String(limit - Number(headers.get('x-ratelimit-remaining') ?? limit));
  const link = headers.get('link');
  if (link !== null) passed['link'] = rewriteLink(link);
  return passed;
}

/** A bot's brackets are encoded in addresses, and its account has the type Bot. */
function reviveBot(key: string, value: unknown): unknown {
  if (typeof value === 'string') return /(^|_)url$/.test(key) ? value.replaceAll('[bot]', '%5Bbot%5D') : value;
  const isBot =
    typeof value === 'object' && value !== null && 'login' in value && String(value.login).endsWith('[bot]');
  return isBot ? { ...value, type: 'Bot' } : value;
}
