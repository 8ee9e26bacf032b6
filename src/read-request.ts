// From a GitHub event to a request that its sender may make, or the reason why there is none.
import type { Config } from './config/config.ts';
import type { GitHub } from './ports.ts';
import { authorize } from './trigger/authorize.ts';
import { readOwnPullRequest } from './trigger/pull-request.ts';
import { readEvent, type GitHubEvent } from './trigger/read-event.ts';
import type { Skip } from './trigger/skip-reasons.ts';
import type { PullRequest, Trigger } from './types.ts';

export interface Request {
  readonly kind: 'request';
  readonly trigger: Trigger;
  /** The pull request of ours that a comment asks to continue. */
  readonly continues: PullRequest | null;
}

export type RequestReading<Opened> = (Request & { readonly opened: Opened }) | Skip;

export interface RequestDeps<Opened extends { readonly config: Config }> {
  readonly github: GitHub;
  /** Opens the checkout and its configuration. Not called for an event that the payload alone refuses. */
  readonly open: () => Promise<Opened>;
  /** Told of an event of a person that the payload does not refuse, before anything is asked about it. */
  readonly onAsked?: (trigger: Trigger) => void;
}

/**
 * Reads the event twice: first by the payload alone, since most events of a repository are none of ours and must cost
 * nothing; then with the label and the bots that the base commit configures. The sender's permission is asked beside the
 * opening; of a bot's request nothing is asked before its number is seen to be listed.
 */
export async function readRequest<Opened extends { readonly config: Config }>(
  event: GitHubEvent,
  { github, open, onAsked }: RequestDeps<Opened>,
): Promise<RequestReading<Opened>> {
  const early = readEvent({ ...event, inputs: { ...event.inputs, bots: null } });
  if (early.kind === 'skip') return early;
  // Opened first: its process runs while the requests are made ready.
  const opening = open();
  const asking = early.isBot ? null : authorize(early.trigger, github, event.actor);
  if (!early.isBot) onAsked?.(early.trigger);
  const [opened, answer] = await Promise.all([opening, asking]);
  const { label, allowedBots: bots, branchPrefix } = opened.config;
  const reading = readEvent({ ...event, inputs: { ...event.inputs, label, bots } });
  if (reading.kind === 'skip') return reading;
  const { trigger } = reading;
  const allowed = answer ?? (await authorize(trigger, github, event.actor, reading.isBot));
  if (allowed.kind === 'skip') return allowed;
  if (trigger.pullRequestNumber === null) return { kind: 'request', trigger, continues: null, opened };
  const own = await readOwnPullRequest(trigger.pullRequestNumber, event.repository, branchPrefix, github);
  if (own.kind === 'skip') return own;
  const { issueNumber, pullRequest } = own;
  return { kind: 'request', trigger: { ...trigger, issueNumber }, continues: pullRequest, opened };
}
