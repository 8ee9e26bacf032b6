// Is the default branch protected, as far as our token is shown? A token with `contents: write` can push to one that is not.
import type { BranchGuard } from '../ports.ts';

/** Rules that let no change in by a plain push. `deletion` and `non_fast_forward` are none: a new commit passes both. */
const guarding: readonly string[] = ['pull_request', 'update', 'merge_queue', 'required_status_checks', 'workflows'];

/** One warning, or null. It says what was seen: a token is not shown everything. */
export const branchWarning = (branch: string, { isProtected, rules }: BranchGuard): string | null =>
  isProtected || rules.some((rule) => guarding.includes(rule))
    ? null
    : `The branch \`${branch}\` shows no protection to our token: neither branch protection nor a rule that asks for a pull ` +
      'request. Whatever holds `contents: write` could then push to it. Protect it under Settings, Rules.';
