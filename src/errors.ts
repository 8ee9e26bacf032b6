// The one catalogue of errors that a user can mend. Anything else that is thrown is a bug of ours.

interface CatalogueEntry {
  /** One line, with the facts given when the error is made. */
  readonly message: (facts: Readonly<Record<string, string>>) => string;
  /** What to do about it. */
  readonly hint: string;
}

const entry = (message: CatalogueEntry['message'], hint: string): CatalogueEntry => ({ message, hint });

/** Every code with its message and hint; `docs/errors.md` is generated from it. */
export const catalogue = {
  'config-invalid': entry(
    (f) => `The configuration has ${f['count'] ?? 'some'} problem(s):\n${f['problems'] ?? ''}`,
    'Mend each line named above. The keys are listed in docs/configuration.md, and the JSON schema gives editors completion.',
  ),
  'input-invalid': entry(
    (f) => `An input is not usable: ${f['problem'] ?? ''}`,
    'See the inputs table in the README, or `ai-implement --help`.',
  ),
  'nothing-to-do': entry(
    () => 'Neither an issue nor a feature text was given.',
    'Give `issue-number` or `feature` (action), or `--issue 42` or `--feature "..."` (terminal).',
  ),
  'event-unreadable': entry(
    (f) => `The event file cannot be read: ${f['detail'] ?? ''}`,
    'The action must run on a GitHub runner, or with GITHUB_EVENT_PATH and GITHUB_EVENT_NAME set as a runner sets them.',
  ),
  'no-api-key': entry(
    (f) =>
      `There is no API key for the provider "${f['provider'] ?? ''}": set the input "${f['input'] ?? ''}" (action) or the variable ${f['variable'] ?? ''} (terminal).`,
    'In a workflow, add the key as a secret of the repository and pass the secret as the input named above.',
  ),
  'no-github-token': entry(
    () => 'There is no GitHub token.',
    'Keep the default of the `github-token` input (action), or set GITHUB_TOKEN (terminal).',
  ),
  'model-auth': entry(
    (f) => `The model's service refused the key: ${f['detail'] ?? ''}`,
    'Check `anthropic-api-key` or `openai-api-key`: is the key current, and may it use the model?',
  ),
  'model-unknown': entry(
    (f) => `The model's service does not know the model "${f['model'] ?? ''}".`,
    'Check the spelling of `model` (and `api_provider` or `base_url`, if you set them), and that the key may use it.',
  ),
  'model-unpriced': entry(
    (f) => `There is no price for the model "${f['model'] ?? ''}", so its cost cannot be limited.`,
    'Use a model of the table in docs/configuration.md, or add its prices under `prices` in orchestrator-config.json (0 for a server of your own that costs nothing).',
  ),
  'model-unavailable': entry(
    (f) => `The model's service did not answer: ${f['detail'] ?? ''}`,
    'Run again later; finished work is on the branches named in the summary.',
  ),
  'model-spend-limit': entry(
    (f) => `The account's own spend limit is reached: ${f['detail'] ?? ''}`,
    'Raise the limit or add credit with the provider, or give another key as `anthropic-api-key` or `openai-api-key`.',
  ),
  'model-refused-request': entry(
    (f) => `The model's service refused the request: ${f['detail'] ?? ''}`,
    'Check `model` and `base-url`. If both are right, please report this as a bug.',
  ),
  'github-permission': entry(
    (f) => `The GitHub token may not ${f['action'] ?? 'do this'}: it lacks \`${f['permission'] ?? ''}\`.`,
    'Add the permission named above to the `permissions:` of the workflow job (examples/ai-implement.yml has them all).',
  ),
  'github-bad-token': entry(
    () => 'GitHub does not accept the token.',
    'Pass `${{ github.token }}` as `github-token`, or a token that has not expired.',
  ),
  'github-not-found': entry(
    (f) => `GitHub has no ${f['what'] ?? 'such thing'}.`,
    'Check the number and the repository name, and that the token may see the repository.',
  ),
  'github-unavailable': entry(
    (f) => `GitHub did not answer: ${f['detail'] ?? ''}`,
    'Run again later; branches that were pushed are kept.',
  ),
  'github-refused': entry(
    (f) => `GitHub refused to ${f['action'] ?? 'do this'}: ${f['detail'] ?? ''}`,
    'The sentence of GitHub above says why. Pull requests by Actions may have to be allowed under Settings, Actions, General.',
  ),
  'credential-exposed': entry(
    () => 'Possible credential exposure: a credential of this run showed up in what an agent said, ran or wrote.',
    'Rotate the API key and every token that was given to the run, and read SECURITY.md before the next one. The run was ended and published nothing from then on; its log names the place, never the value.',
  ),
  'git-missing': entry(() => 'git is not installed.', 'Install git 2.38 or later.'),
  'git-too-old': entry(
    (f) => `git ${f['version'] ?? ''} is too old.`,
    'Install git 2.38 or later (merges use `git merge-tree --write-tree`).',
  ),
  'node-too-old': entry((f) => `node ${f['version'] ?? ''} is too old.`, 'Install node 20 or later.'),
  'not-a-repository': entry(
    (f) => `"${f['path'] ?? ''}" is not a git repository.`,
    'Run inside a repository, or give `--project-dir`; in a workflow, put actions/checkout before this action.',
  ),
  'repository-empty': entry(
    () => 'The repository has no commit yet, so there is nothing to branch from.',
    'Push a first commit (a README will do) and start the run again.',
  ),
  'repository-incomplete': entry(
    (f) => `The checkout lacks objects of the base commit: ${f['detail'] ?? ''}`,
    'Do not use a partial clone (`filter:`) in the checkout step; a shallow one is fine.',
  ),
  'repository-unsafe': entry(
    (f) => `The base commit cannot be written out safely: ${f['detail'] ?? ''}`,
    "The path named above cannot exist on every file system or would be taken for git's own; rename or remove it.",
  ),
  'push-refused': entry(
    (f) => `The push of ${f['branch'] ?? 'a branch'} was refused: ${f['detail'] ?? ''}`,
    'If somebody pushed meanwhile, run again. Otherwise give the job `contents: write` and check the branch rules for our prefix.',
  ),
  'journal-unreadable': entry(
    (f) => `The journal of the run cannot be read: ${f['detail'] ?? ''}`,
    'Journals are written by this program only. It was left as it is. Move the file away to start afresh; finished work is on the branches.',
  ),
  'journal-version': entry(
    (f) => `The journal of the run has version ${f['version'] ?? ''}; this program reads ${f['reads'] ?? ''}.`,
    'It was left as it is. Go on with the version of ai-implement that wrote it, or move its folder away to start afresh.',
  ),
  'journal-unwritable': entry(
    (f) => `The journal of the run cannot be written: ${f['detail'] ?? ''}`,
    'What was there is kept. Make room on the disk (or make the folder writable) and give the same command again.',
  ),
  'run-not-found': entry(
    (f) => `There is no ${f['what'] ?? 'such run'} in ${f['directory'] ?? 'this project'}.`,
    '`ai-implement runs` lists the runs of a project, and `--project-dir` names another one.',
  ),
  'run-has-ended': entry(
    (f) => `The run ${f['run'] ?? ''} has ended, so there is nothing to go on with.`,
    'Give `ai-implement run` again for a new run; `ai-implement report` shows what the ended one did.',
  ),
  'run-is-going': entry(
    (f) => `The run ${f['run'] ?? ''} is still going, in process ${f['pid'] ?? ''}.`,
    'Wait for it, or end that process; then give the same command again, and the run goes on.',
  ),
  'run-of-other-version': entry(
    (f) => `The run ${f['run'] ?? ''} was begun by ai-implement ${f['version'] ?? ''}, and this is ${f['own'] ?? ''}.`,
    'Go on with the version that began it: another one asks differently, so that recorded replies do not fit. Or start a new run with `--fresh`.',
  ),
  'no-sandbox': entry(
    (f) => `There is no sandbox to run commands in: ${f['faults'] ?? ''}`,
    'On Linux, allow user namespaces or run as root (in a container: with CAP_SYS_ADMIN), or install bubblewrap (`apt-get install bubblewrap`). At a terminal, `--sandbox off` runs without one, with your own rights.',
  ),
  'sandbox-leftover': entry(
    (f) => `Processes of the sandbox were still there after its end: ${f['processes'] ?? ''}`,
    'Nothing was published, since they could have changed it meanwhile. Please report this, with the backend that the log names.',
  ),
  'sandbox-off-refused': entry(
    (f) => `There has to be a sandbox here: ${f['why'] ?? ''}`,
    '`--sandbox off` is for a terminal run on a local repository (`--feature`). Leave `sandbox` out, or install what `no-sandbox` names in docs/errors.md.',
  ),
  'handover-refused': entry(
    (f) => `What the job with the agents handed over is refused: ${f['detail'] ?? ''}.`,
    'Nothing of it was published. Start the run again. If it happens again, look at what else in the workflow can write artifacts or outputs of that job.',
  ),
  'base-branch-missing': entry((f) => `There is no branch "${f['branch'] ?? ''}" to build on.`, 'Check `base-branch`.'),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

/** An error the user can mend. `stage` is where it came up; `cause` is kept for the log. */
export class RunError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  /** @param facts filled into the catalogue's message; never secrets. */
  constructor(code: ErrorCode, facts: Readonly<Record<string, string>> = {}, cause?: unknown) {
    super(catalogue[code].message(facts), cause === undefined ? undefined : { cause });
    this.name = 'RunError';
    this.code = code;
    this.hint = catalogue[code].hint;
  }
}

/** True for a `RunError`, also one of another bundle of ours: each bundle has a class of its own. */
export function isRunError(error: unknown): error is RunError {
  return error instanceof Error && error.name === 'RunError' && 'code' in error && 'hint' in error;
}
