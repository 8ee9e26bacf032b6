// What we do on GitHub, in the words of our errors, with the workflow permission that each needs.

export interface Operation {
  /** Fills "The GitHub token may not ..." and "GitHub refused to ...". */
  readonly action: string;
  /** As it stands under `permissions:` of a workflow job. As in GitHub's documentation, "Permissions required for GitHub Apps". */
  readonly permission: string;
  /** Fills "GitHub has no ...". */
  readonly what: string;
}

/** One entry a method of the port. */
export const operations = {
  readPermission: { action: "read a person's permission", permission: 'metadata: read', what: 'such person here' },
  readUser: { action: 'read whose token it is', permission: 'metadata: read', what: 'such user' },
  readAccount: { action: 'read whose token it is', permission: 'metadata: read', what: 'such account' },
  readEdits: { action: 'read who edited the issue', permission: 'issues: read', what: 'such issue' },
  readFile: { action: 'read a file', permission: 'contents: read', what: 'such file' },
  readBranch: { action: 'read the rules of a branch', permission: 'contents: read', what: 'such branch' },
  pushBranches: { action: 'push branches', permission: 'contents: write', what: 'such repository' },
  readRepository: { action: 'read the repository', permission: 'metadata: read', what: 'such repository' },
  readIssue: { action: 'read the issue', permission: 'issues: read', what: 'such issue' },
  readComments: { action: 'read the comments', permission: 'issues: read', what: 'such issue' },
  readPullRequest: {
    action: 'read the pull request',
    permission: 'pull-requests: read',
    what: 'such pull request',
  },
  openPullRequest: { action: 'open a pull request', permission: 'pull-requests: write', what: 'such repository' },
  updatePullRequest: {
    action: 'update the pull request',
    permission: 'pull-requests: write',
    what: 'such pull request',
  },
  react: { action: 'react to the issue or comment', permission: 'issues: write', what: 'such issue or comment' },
  createComment: { action: 'comment on the issue', permission: 'issues: write', what: 'such issue' },
  updateComment: { action: 'edit our comment', permission: 'issues: write', what: 'such comment' },
} as const satisfies Record<string, Operation>;
