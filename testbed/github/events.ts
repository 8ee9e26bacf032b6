// Webhook events about what the embedded GitHub holds: recorded payloads with our repository, issue and sender in them.
import commented from './payloads/issue-comment-created.json' with { type: 'json' };
import labeled from './payloads/issues-labeled.json' with { type: 'json' };
import opened from './payloads/pull-request-opened.json' with { type: 'json' };
import dispatched from './payloads/workflow-dispatch.json' with { type: 'json' };
import { field, fieldsOf } from './calls.ts';
import type { GitHubServer } from './types.ts';
import { simpleUser } from './users.ts';

/** What a runner is given: GITHUB_EVENT_NAME, and the content of the file GITHUB_EVENT_PATH names. */
export interface WebhookEvent {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

type Asking = Pick<GitHubServer, 'api'>;
type Fields = Readonly<Record<string, unknown>>;

/** `issues: labeled`. The issue gets the label when it has not got it. */
export async function labeledEvent(
  github: Asking,
  about: { readonly repository: string; readonly issueNumber: number; readonly label: string; readonly sender: string },
): Promise<WebhookEvent> {
  const path = `/repos/${about.repository}/issues/${String(about.issueNumber)}`;
  const labels = [await ask(github, 'POST', `${path}/labels`, { labels: [about.label] })].flat();
  const label = labels.find((one) => field(one, 'name') === about.label);
  const issue = await ask(github, 'GET', path);
  const recorded = { action: 'labeled', issue: over(labeled.issue, issue), label: over(labeled.label, label) };
  return { name: 'issues', payload: { ...recorded, ...(await surroundings(github, labeled.repository, about)) } };
}

/** `issue_comment: created`, on an issue or on a pull request; the sender is the comment's author. */
export async function commentEvent(
  github: Asking,
  about: { readonly repository: string; readonly commentId: number },
): Promise<WebhookEvent> {
  const root = `/repos/${about.repository}/issues`;
  const comment = await ask(github, 'GET', `${root}/comments/${String(about.commentId)}`);
  const issueNumber = /\d+$/.exec(String(field(comment, 'issue_url')))?.[0] ?? '';
  const issue = await ask(github, 'GET', `${root}/${issueNumber}`);
  const sender = String(field(field(comment, 'user'), 'login'));
  const recorded = {
    action: 'created',
    issue: over(commented.issue, issue),
    comment: over(commented.comment, comment),
  };
  const around = await surroundings(github, commented.repository, { ...about, sender });
  return { name: 'issue_comment', payload: { ...recorded, ...around } };
}

/** `workflow_dispatch`; inputs are text, as GitHub sends them. */
export async function dispatchEvent(
  github: Asking,
  about: {
    readonly repository: string;
    readonly sender: string;
    readonly inputs: Readonly<Record<string, string>>;
    readonly branch?: string;
    readonly workflow?: string;
  },
): Promise<WebhookEvent> {
  const ref = `refs/heads/${about.branch ?? 'main'}`;
  const workflow = about.workflow ?? '.github/workflows/ai-implement.yml';
  const around = await surroundings(github, dispatched.repository, about);
  return { name: 'workflow_dispatch', payload: { inputs: about.inputs, ref, workflow, ...around } };
}

/** `pull_request_target: opened`: runs with secrets on what may be a stranger's code, so the product refuses it. */
export async function pullRequestTargetEvent(
  github: Asking,
  about: { readonly repository: string; readonly pullNumber: number; readonly sender: string },
): Promise<WebhookEvent> {
  const pull = await ask(github, 'GET', `/repos/${about.repository}/pulls/${String(about.pullNumber)}`);
  const recorded = { action: 'opened', number: about.pullNumber, pull_request: over(opened.pull_request, pull) };
  const around = await surroundings(github, opened.repository, about);
  return { name: 'pull_request_target', payload: { ...recorded, ...around } };
}

/** Live fields over recorded ones: what the emulator does not know keeps its recorded shape. */
const over = (recorded: object, live: unknown): Fields => ({ ...structuredClone(recorded), ...fieldsOf(live) });

async function surroundings(
  github: Asking,
  recorded: object,
  { repository, sender }: { readonly repository: string; readonly sender: string },
): Promise<Fields> {
  const user = await ask(github, 'GET', `/users/${encodeURIComponent(sender)}`);
  const live = await ask(github, 'GET', `/repos/${repository}`);
  return { repository: over(recorded, live), sender: simpleUser(user) };
}

async function ask(github: Asking, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await github.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer.body;
}
