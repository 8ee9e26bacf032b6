// GitHub's own recorded payloads, edited: what the tests of this folder feed to readEvent.
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { readEvent, type EventInputs } from '../../src/trigger/read-event.ts';
import type { Trigger } from '../../src/types.ts';

type IssuesLabeledEvent = Extract<WebhookDefinition<'issues'>['examples'][number], { action: 'labeled' }>;
type IssueCommentCreatedEvent = Extract<WebhookDefinition<'issue_comment'>['examples'][number], { action: 'created' }>;
type WorkflowDispatchEvent = WebhookDefinition<'workflow_dispatch'>['examples'][number];

interface Definition {
  readonly name: string;
  readonly examples: readonly { readonly action?: string }[];
}
const definitions = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Definition[];

/** The last example of an event, which is the newest, as a copy that may be edited. */
function example<T>(name: string, action?: string): T {
  const examples = definitions.find((definition) => definition.name === name)?.examples ?? [];
  return structuredClone(examples.filter((one) => one.action === action).at(-1)) as T;
}

export function labeled(edit: (payload: IssuesLabeledEvent) => void = () => undefined): IssuesLabeledEvent {
  const payload = example<IssuesLabeledEvent>('issues', 'labeled');
  if (payload.label) payload.label.name = 'ai-implement';
  edit(payload);
  return payload;
}

export function commented(
  body: string,
  edit: (payload: IssueCommentCreatedEvent) => void = () => undefined,
): IssueCommentCreatedEvent {
  const payload = example<IssueCommentCreatedEvent>('issue_comment', 'created');
  payload.comment.body = body;
  edit(payload);
  return payload;
}

export function commentedOnPullRequest(body: string): IssueCommentCreatedEvent {
  const links = { url: '', html_url: '', diff_url: '', patch_url: '', merged_at: null };
  return commented(body, ({ issue }) => Object.assign(issue, { pull_request: links }));
}

export function dispatched(inputs: WorkflowDispatchEvent['inputs']): WorkflowDispatchEvent {
  return { ...example<WorkflowDispatchEvent>('workflow_dispatch'), inputs };
}

/** What readEvent makes of a payload in the repository `octo/shop`. */
export function read(eventName: string, payload: unknown, inputs: Partial<EventInputs> = {}, actor = 'Codertocat') {
  return readEvent({
    eventName,
    payload,
    inputs: { label: 'ai-implement', issueNumber: null, feature: null, ...inputs },
    repository: { owner: 'octo', name: 'shop' },
    actor,
  });
}

/** The trigger of a payload that must give one. */
export function triggerOf(eventName: string, payload: unknown, inputs: Partial<EventInputs> = {}): Trigger {
  const reading = read(eventName, payload, inputs);
  if (reading.kind === 'skip') throw new Error(`skipped: ${reading.reason}`);
  return reading.trigger;
}
