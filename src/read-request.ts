// From a GitHub event to a request that its sender may make, or the reason why there is none.
import type { Config } from './config/config.ts';
import type { GitHub } from './ports.ts';
import { authorize } from './trigger/authorize.ts';
import { readOwnPullRequest } from './trigger/pull-request.ts';
import { readEvent, type GitHubEvent } from './trigger/read-event.ts';
import type { PullRequest, Trigger } from './types.ts';

export interface Request {
  readonly kind: 'request';
  readonly trigger: Trigger;
  /** The pull request of ours that a comment asks to continue. */
  readonly continues: PullRequest | null;
}

export type RequestReading<Opened> =
  (Request & { readonly opened: Opened }) | { readonly kind: 'skip'; readonly reason: string };

export interface RequestDeps<Opened extends { readonly config: Config }> {
  readonly github: GitHub;
  /** Opens the checkout and its configuration. Not called for an event that the payload alone refuses. */
  readonly open: () => Promise<Opened>;
  /** Told of an event that the payload does not refuse, before anything is asked about it. */
  readonly onAsked?: (trigger: Trigger) => void;
}

/**
 * Reads the event twice: first by the payload alone, since most events of a repository are none of ours and must cost
 * nothing; then with the label that the base commit configures. The sender's permission is asked beside the opening.
 */
export async function readRequest<Opened extends { readonly config: Config }>(
  event: GitHubEvent,
  { github, open, onAsked }: RequestDeps<Opened>,
): Promise<RequestReading<Opened>> {
  const early = readEvent(event);
  if (early.kind === 'skip') return early;
  onAsked?.(early.trigger);
  const [opened, allowed] = await Promise.all([open(), authorize(early.trigger, github, event.actor)]);
  const { config } = opened;
  const reading = readEvent({ ...event, inputs: { ...event.inputs, label: config.label } });
  if (reading.kind === 'skip') return reading;
  if (allowed.kind === 'skip') return allowed;
  const { trigger } = reading;
  if (trigger.pullRequestNumber === null) return { kind: 'request', trigger, continues: null, opened };
  const own = await readOwnPullRequest(trigger.pullRequestNumber, event.repository, config.branchPrefix, github);
  if (own.kind === 'skip') return own;
  const { issueNumber, pullRequest } = own;
  return { kind: 'request', trigger: { ...trigger, issueNumber }, continues: pullRequest, opened };
}
