// Who a token is and what it may do. A person's rights follow from the role; a job's token has its permissions.
import { randomBytes } from 'node:crypto';
import type { GitHubOptions, Identity, JobPermissions, RepositorySpec, Role } from './types.ts';

export const ACTIONS_BOT = 'github-actions[bot]';

const rank: Readonly<Record<Role, number>> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

/** True when `role` includes everything that `least` may do. */
export const roleIncludes = (role: Role, least: Role): boolean => rank[role] >= rank[least];

export interface Access {
  /** The token that the bed itself uses. */
  readonly bedToken: string;
  /** Null for a token nobody has. */
  identify(token: string): Identity | null;
  /** The role of a login on a repository: strangers read, since repositories are public. */
  role(login: string, repository: string): Role;
  repository(name: string): RepositorySpec | undefined;
  mint(permissions: JobPermissions, repository: string): string;
}

/** Keeps the tokens of one server. `mint` throws for a repository that does not exist. */
export function createAccess(options: GitHubOptions): Access {
  const repositories = new Map(options.repositories.map((repository) => [repository.name, repository]));
  const bedToken = `bed_${randomBytes(12).toString('hex')}`;
  const bedLogin = options.repositories[0]?.name.split('/')[0] ?? options.users[0] ?? ACTIONS_BOT;
  const identities = new Map<string, Identity>([[bedToken, { login: bedLogin, grants: null, bed: true }]]);
  for (const [token, login] of Object.entries(options.tokens ?? {}))
    identities.set(token, { login, grants: null, bed: false });
  return {
    bedToken,
    identify: (token) => identities.get(token) ?? null,
    repository: (name) => repositories.get(name),
    role(login, name) {
      if (name.split('/')[0] === login) return 'admin';
      return repositories.get(name)?.collaborators?.[login] ?? 'read';
    },
    mint(permissions, repository) {
      if (!repositories.has(repository)) throw new Error(`There is no repository ${repository} to mint a token for.`);
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      const grants = { repository, permissions: grantsOf(permissions) };
      identities.set(token, { login: ACTIONS_BOT, grants, bed: false });
      return token;
    },
  };
}

/** Names as the API has them. `metadata: read` comes with every token; `workflows` no job's token can have. */
function grantsOf(permissions: JobPermissions): Readonly<Record<string, 'read' | 'write'>> {
  const grants: Record<string, 'read' | 'write'> = { metadata: 'read' };
  for (const [name, level] of Object.entries(permissions))
    if (level !== 'none' && name !== 'workflows') grants[name.replaceAll('-', '_')] = level;
  return grants;
}

/** True when the grants hold one of the alternatives, each like `issues=write`; write includes read. */
export function grantsAllow(grants: Readonly<Record<string, 'read' | 'write'>>, accepted: readonly string[]): boolean {
  return accepted.some((one) => {
    const [name = '', level] = one.split('=');
    return grants[name] === 'write' || (level === 'read' && grants[name] === 'read');
  });
}
