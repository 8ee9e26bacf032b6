// Names of the branches we make: from integers, ids and slugs of ours, never from a model's or a stranger's words.
import { createHash } from 'node:crypto';
import type { Trigger } from './types.ts';

/** What a run is about, as one path segment: `issue-42`, or `feature-user-login-3f9a2c` for a feature text. */
export function runSlug(issueNumber: number | null, feature: string): string {
  if (issueNumber !== null) return `issue-${issueNumber}`;
  const words = feature.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const slug = words.join('-').slice(0, 40).replace(/-+$/, '');
  // Different texts may begin alike; the hash keeps their branches apart.
  const hash = createHash('sha256').update(feature).digest('hex').slice(0, 6);
  return `feature-${slug === '' ? hash : `${slug}-${hash}`}`;
}

/** Branch of the pull request: `ai/issue-42`. */
export const integrationBranch = (prefix: string, slug: string): string => `${prefix}/${slug}`;

/**
 * Branch of one agent's task: `ai/agents/issue-42/backend-dev/task-001`.
 * @param slug last part of the integration branch, so that a numbered second try has agents' branches of its own
 */
export const agentBranch = (prefix: string, slug: string, role: string, taskId: string): string =>
  `${prefix}/agents/${slug}/${role}/${taskId.toLowerCase()}`;

/**
 * What a run is about, by which its traces on GitHub are found again: `issue-42`, `pull-7` for a pull request that no issue
 * asked for, else that of the feature text.
 */
export function triggerSlug({
  issueNumber,
  pullRequestNumber,
  feature,
}: Pick<Trigger, 'issueNumber' | 'pullRequestNumber' | 'feature'>): string {
  if (issueNumber === null && feature === null && pullRequestNumber !== null) return `pull-${pullRequestNumber}`;
  return runSlug(issueNumber, feature ?? '');
}

/** Branch of the record by which a run on another machine goes on, and which says who is at work: `ai/state/issue-42`. */
export const stateBranch = (prefix: string, slug: string): string => `${prefix}/state/${slug}`;

/** Branch of the list of earlier runs of the repository, for its limits by day. No slug is named so. */
export const historyBranch = (prefix: string): string => `${prefix}/state/runs`;
