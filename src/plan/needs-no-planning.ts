// The one case where code can plan: a small instruction on a pull request of ours.
import type { Issue } from '../types.ts';

/** An instruction of one line up to this many characters is one thing to do: a sentence or two. */
const MAX_INSTRUCTION = 240;

export interface UnplannedFacts {
  readonly issue: Pick<Issue, 'instructions'>;
  /** True when an existing pull request of ours goes on. */
  readonly continues: boolean;
  readonly checks: readonly unknown[];
}

/**
 * Why no planning call is needed; null when one is. The rule is narrow on purpose: a short new issue may ask for a large
 * thing ("support Windows"), but a line said on a pull request asks for a change of work that is there, and the project's
 * checks can judge it. A call of the manager would cost more than the work and could only say the line again.
 */
export function needsNoPlanning({ issue, continues, checks }: UnplannedFacts): string | null {
  const said = issue.instructions.trim();
  const isSmall = said !== '' && said.length <= MAX_INSTRUCTION && !said.includes('\n');
  if (!continues || !isSmall || checks.length === 0) return null;
  return "It is one short instruction on a pull request that exists, and the project's own checks judge it; the manager was not asked.";
}
