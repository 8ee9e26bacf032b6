// Issues of the API. Every pull request is an issue too, which the emulator does not know.
import type { Answer } from './types.ts';
import { field, forward, type Bed, type Call, type Handler } from './calls.ts';
import { refuseTexts } from './texts.ts';

/** Get or change an issue, or a pull request by its number as an issue. */
export const singleIssue: Handler = async (call, bed) => {
  const refused = call.method === 'PATCH' ? refuseTexts(call, 'Issue') : null;
  if (refused !== null) return refused;
  const issue = call.method === 'PATCH' ? await changeIssue(call, bed) : await forward(call, bed);
  if (issue.status !== 404) return issue;
  const pull = await forward({ ...call, path: call.path.replace('/issues/', '/pulls/') }, bed);
  return pull.status === 200 ? asIssue(call, bed, pull) : issue;
};

/** Changes it and keeps in mind who changed which text. */
export async function changeIssue(call: Call, bed: Bed, at = new Date()): Promise<Answer> {
  const before = await forward({ ...call, method: 'GET' }, bed);
  const after = await forward(call, bed);
  const issue = `${call.repository}#${call.params['issue_number'] ?? ''}`;
  for (const part of ['title', 'body'] as const)
    if (after.status === 200 && field(before.body, part) !== field(after.body, part))
      bed.history.note({ issue, part, login: call.identity?.login ?? '', at: at.toISOString() });
  return after;
}

export const createIssue: Handler = async (call, bed) => refuseTexts(call, 'Issue') ?? (await forward(call, bed));

const SHARED = [
  'id',
  'node_id',
  'number',
  'title',
  'user',
  'labels',
  'state',
  'locked',
  'assignee',
  'assignees',
].concat([
  'milestone',
  'comments',
  'created_at',
  'updated_at',
  'closed_at',
  'author_association',
  'body',
  'draft',
  'html_url',
]);

function asIssue(call: Call, bed: Bed, answer: Answer): Answer {
  const pull = answer.body;
  const repository_url = `${bed.url}/repos/${call.repository}`;
  const url = `${repository_url}/issues/${String(field(pull, 'number'))}`;
  const links = ['url', 'html_url', 'diff_url', 'patch_url', 'merged_at'];
  const body = {
    ...Object.fromEntries(SHARED.map((name) => [name, field(pull, name)])),
    url,
    repository_url,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    state_reason: null,
    active_lock_reason: null,
    performed_via_github_app: null,
    pull_request: Object.fromEntries(links.map((name) => [name, field(pull, name)])),
  };
  return { ...answer, body };
}
