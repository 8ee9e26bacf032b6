// What a call is for, and how much of a run's money is kept back for what comes later.

/** `integrate`: escalation, repair after a merge and review. `end`: work that the review asked for once more. */
export type Purpose = 'plan' | 'task' | 'integrate' | 'end';

/** In the order in which a run comes to them. */
const inOrder: readonly Purpose[] = ['plan', 'task', 'integrate', 'end'];

/**
 * Percent of a limit. They are kept for a purpose only as far as it has not used them, and only from those before it: so
 * what planning leaves over is the tasks', and what tasks leave over is the integration's. Planning with a contract is
 * one to three calls, integration and review a few, tasks some dozens; hence the sizes.
 */
const percents: Readonly<Record<Purpose, number>> = { plan: 10, task: 65, integrate: 15, end: 10 };

/**
 * Fewest output tokens that a call is cut down to, thinking included; below them a reply rarely gets anywhere. A plan is
 * some thousand tokens of JSON after long thinking; a decision or review a page; a turn of an agent 400 tokens in the mean.
 */
export const leastOutputTokens: Readonly<Record<Purpose, number>> = {
  plan: 16_000,
  task: 2_048,
  integrate: 4_096,
  end: 2_048,
};

/** What a purpose is to have of a limit, in the limit's unit; nothing of one that was passed before, which is below 0. */
export const sliceOf = (purpose: Purpose, limit: number): number =>
  Math.floor((Math.max(0, limit) * percents[purpose]) / 100);

/** Purposes that come after this one: for them something is kept. */
export const laterThan = (purpose: Purpose): readonly Purpose[] => inOrder.slice(inOrder.indexOf(purpose) + 1);
