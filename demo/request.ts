// What is asked for in the demo, by whom and where.

export const REPOSITORY = 'acme/notes';
export const PERSON = 'mona';
export const LABEL = 'ai-implement';

export const ISSUE = {
  title: 'Add user login with email and password',
  body: `At the moment anybody can add notes. Let people have accounts:

- register and log in with email and password, and log out again
- the list stays public; adding a note needs a login (401 else)
- passwords have at least 8 characters and are never kept as they are
- the page shows who is logged in, and says in plain words what went wrong
`,
} as const;

/** What a workflow with our example's `permissions:` block gives its token. */
export const JOB_PERMISSIONS = { contents: 'write', issues: 'write', 'pull-requests': 'write' } as const;
