// Refuses what the caller may not do, in the words GitHub uses for each kind of token.
import type { Answer } from './types.ts';
import { grantsAllow, roleIncludes } from './access.ts';
import { refusal } from './answers.ts';
import { field, forward, type Bed, type Call, type Operation } from './calls.ts';

/** The refusal, or null when the call may pass. The header names every permission that would have done. */
export async function authorize(operation: Operation, call: Call, bed: Bed): Promise<Answer | null> {
  const { identity } = call;
  if (identity === null) return call.method === 'GET' ? null : refusal(401, 'Requires authentication');
  if (identity.bed) return null;
  const headers = { 'x-accepted-github-permissions': operation.accepts.join('; ') };
  if (identity.grants === null) {
    const role = call.repository === '' ? 'none' : bed.access.role(identity.login, call.repository);
    if (roleIncludes(role, operation.role) || (await isOwnComment(call, bed))) return null;
    return refusal(403, 'Resource not accessible by personal access token', { headers });
  }
  const isHome = call.repository === '' || call.repository === identity.grants.repository;
  const accepts = await acceptedFor(operation, call, bed);
  const isRead = operation.method === 'GET' && call.repository !== ''; // a public repository is read by any token
  if (isRead || (isHome && grantsAllow(identity.grants.permissions, accepts))) return null;
  return refusal(403, 'Resource not accessible by integration', { headers });
}

/** Everybody may change their own comment. */
async function isOwnComment(call: Call, bed: Bed): Promise<boolean> {
  if (call.params['comment_id'] === undefined || call.method === 'POST') return false;
  const comment = await forward({ ...call, method: 'GET' }, bed);
  return field(field(comment.body, 'user'), 'login') === call.identity?.login;
}

/**
 * Of `issues` and `pull_requests`, only the one that the number or comment belongs to counts: "if your GitHub App has
 * permissions on issues but not on pull requests, these endpoints will be limited to issues" (docs.github.com).
 */
async function acceptedFor(operation: Operation, call: Call, bed: Bed): Promise<readonly string[]> {
  const number = await issueNumber(call, bed);
  if (operation.accepts.length < 2 || number === null) return operation.accepts;
  const pull = await bed.emulator.ask(null, 'GET', `/repos/${call.repository}/pulls/${number}`);
  const wanted = pull.status === 200 ? 'pull_requests' : 'issues';
  return operation.accepts.filter((one) => one.startsWith(wanted));
}

async function issueNumber(call: Call, bed: Bed): Promise<string | null> {
  const { issue_number: number, comment_id: commentId } = call.params;
  if (number !== undefined) return number;
  if (commentId === undefined) return null;
  const comment = await bed.emulator.ask(null, 'GET', `/repos/${call.repository}/issues/comments/${commentId}`);
  return /\/(\d+)$/.exec(String(field(comment.body, 'issue_url')))?.[1] ?? null;
}
