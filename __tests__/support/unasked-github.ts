// A GitHub that nothing may be asked of: tests put in what they expect to be asked.
import type { GitHub } from '../../src/ports.ts';

const unasked = (): never => {
  throw new Error('GitHub was asked something else');
};

export const unaskedGitHub: GitHub = {
  permission: unasked,
  defaultBranch: unasked,
  account: unasked,
  issueEdits: unasked,
  readFile: unasked,
  branchGuard: unasked,
  checkRights: unasked,
  issue: unasked,
  comments: unasked,
  pullRequest: unasked,
  findPullRequest: unasked,
  openPullRequest: unasked,
  updatePullRequest: unasked,
  react: unasked,
  findComment: unasked,
  createComment: unasked,
  updateComment: unasked,
};
