// The permission of a user on a repository: five roles, of which the older field `permission` knows three.
import type { Role } from './types.ts';
import { roleIncludes } from './access.ts';
import { refusal } from './answers.ts';
import { fieldsOf, type Handler } from './calls.ts';

const legacy: Readonly<Record<Role, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

/** Everybody reads a public repository, so a stranger is answered with `read`; a bot is not a user. */
export const userPermission: Handler = async (call, bed) => {
  const login = call.params['username'] ?? '';
  const user = await bed.emulator.ask(null, 'GET', `/users/${encodeURIComponent(login)}`);
  if (user.status !== 200 || login.endsWith('[bot]')) return refusal(404, `${login} is not a user`);
  const role = bed.access.role(login, call.repository);
  const permissions = {
    pull: roleIncludes(role, 'read'),
    triage: roleIncludes(role, 'triage'),
    push: roleIncludes(role, 'write'),
    maintain: roleIncludes(role, 'maintain'),
    admin: role === 'admin',
  };
  const shown = { ...fieldsOf(user.body), permissions, role_name: role };
  return { status: 200, body: { permission: legacy[role], role_name: role, user: shown } };
};
