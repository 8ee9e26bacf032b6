// The seams of a run that is only replayed: whatever the journal does not answer ends it.
import type { Git, GitHub, Model, Trees } from '../ports.ts';

/** The run asked for something that its journal has no answer to. */
export class NotInJournal extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotInJournal';
  }
}

/** Ends a call for which there is no answer, when the time for that has come. */
export type Refuse = (what: string) => Promise<never>;

export const offlineModel = (refuse: Refuse): Model => ({
  send: () => refuse('a model call that the journal has no reply to'),
});

export const offlineTrees = (refuse: Refuse): Trees => ({
  sandbox: () => refuse('what kept commands in'),
  quiesce: () => Promise.resolve(),
  open: (name) => refuse(`a tool call or command in the tree of ${name} that the journal has no answer to`),
  reuse: () => refuse('a set-up that the journal does not have'),
  setup: () => refuse('a set-up that the journal does not have'),
  close: () => Promise.resolve(),
});

/** The store stays readable; the remote is gone. */
export const offlineGit = <Store extends Git>(git: Store, refuse: Refuse): Store => ({
  ...git,
  remoteBranch: (branch: string) => refuse(`the head of ${branch} on the remote`),
  fetch: (branch: string) => refuse(`a fetch of ${branch}`),
  push: () => refuse('a push that the journal does not have'),
  checkPush: () => refuse('a check of the right to push'),
  commit: () => refuse('a commit that the journal does not have'),
});

export function offlineGitHub(refuse: Refuse): GitHub {
  const never = (what: string) => () => refuse(`GitHub: ${what}`);
  return {
    permission: never('a permission'),
    defaultBranch: never('the default branch'),
    account: never('the account of the token'),
    issueEdits: never('who edited an issue'),
    readFile: never('a file'),
    branchGuard: never('the rules of a branch'),
    checkRights: never('what the token may do'),
    issue: never('an issue'),
    comments: never('comments'),
    pullRequest: never('a pull request'),
    findPullRequest: never('a search for a pull request'),
    openPullRequest: never('a new pull request'),
    updatePullRequest: never('an edit of a pull request'),
    react: () => Promise.resolve(),
    findComment: never('a search for a comment'),
    createComment: never('a new comment'),
    updateComment: never('an edit of a comment'),
  };
}
