// What the embedded GitHub is given and what it gives back. Plain data; no behaviour.

/** A role on a repository, as GitHub names them in `role_name`. */
export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

/** A job's `permissions:` block; names as in a workflow file (`pull-requests`) or in the API (`pull_requests`). */
export type JobPermissions = Readonly<Record<string, 'read' | 'write' | 'none'>>;

export interface RepositorySpec {
  /** `owner/name`; the owner is made when it is not among the users, and is the repository's admin. */
  readonly name: string;
  readonly defaultBranch?: string;
  /** Roles by login; everybody else reads, since the repository is public. */
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** The setting "Allow GitHub Actions to create and approve pull requests"; true unless given. */
  readonly actionsMayOpenPullRequests?: boolean;
  /** Branches with classic protection; none unless given. */
  readonly protectedBranches?: readonly string[];
  /** Types of the active ruleset rules of every branch (`pull_request`, `deletion`); none unless given. */
  readonly rules?: readonly string[];
}

export interface GitHubOptions {
  /** Logins; `github-actions[bot]` is always there. */
  readonly users: readonly string[];
  readonly repositories: readonly RepositorySpec[];
  /** Personal access tokens: token to login. What a token may do follows from its user's role. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Holds every request and answer against GitHub's OpenAPI description; left out in the demo. */
  readonly judge?: Judge;
}

/** Says what is wrong with a request or an answer, one line each; nothing when all is well. */
export interface Judge {
  request(operation: string, body: unknown): readonly string[];
  response(operation: string, status: number, body: unknown): readonly string[];
}

/** Who sends a request. `grants` is null for a person, whose rights follow from the role on the repository. */
export interface Identity {
  readonly login: string;
  readonly grants: {
    readonly repository: string;
    readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  } | null;
  /** The bed's own hand: may do everything and is kept out of the log. */
  readonly bed: boolean;
}

export interface Fault {
  /** Any method when left out. */
  readonly method?: string;
  /** A path without its query, or an expression over path and query; git requests are matched too. */
  readonly path: string | RegExp;
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests it strikes; 1 unless given. */
  readonly times?: number;
  /** Cuts the connection instead of answering. */
  readonly hangUp?: boolean;
}

export interface LogEntry {
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  readonly kind: 'api' | 'git';
  readonly login: string | null;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

/** An answer before it is written: `body` undefined means no body. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GitHubServer {
  /** Root of the API and of the web pages alike: GITHUB_API_URL and GITHUB_SERVER_URL of a runner. */
  readonly url: string;
  readonly log: readonly LogEntry[];
  /** What the judge, or the bed itself, found wrong; empty after a sound run. */
  readonly problems: readonly string[];
  cloneUrl(repository: string): string;
  /** Directory of the bare repository behind it. */
  bareRepository(repository: string): string;
  /** Asks the API with all rights; not logged, not subject to faults. */
  api(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A token as a job gets it: acts as `github-actions[bot]` and may do what `permissions` say, in one repository. */
  mintToken(permissions: JobPermissions, repository: string): string;
  /** Commits files (a directory, or contents by path) onto a branch and returns the commit. */
  seedRepository(repository: string, source: SeedSource, options?: SeedOptions): Promise<string>;
  createIssue(input: NewIssue): Promise<CreatedIssue>;
  createComment(input: NewComment): Promise<{ readonly id: number }>;
  /** Edits an issue as a person does in the browser; `at` dates the edit in its history (now unless given). */
  editIssue(input: IssueEdit): Promise<void>;
  /** A pull request of a fork: `author` owns the fork, which is made. Returns its number. */
  openForkPullRequest(input: NewForkPullRequest): Promise<number>;
  fault(fault: Fault): void;
  /** Resolves when no request is being answered: what a client that was killed had sent has then come to its end. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export type SeedSource = string | Readonly<Record<string, string>>;

export interface SeedOptions {
  /** The default branch unless given; made from the default branch when it does not exist. */
  readonly branch?: string;
  readonly message?: string;
  /** Name of its author; `Bed` unless given. */
  readonly author?: string;
}

export interface NewIssue {
  readonly repository: string;
  readonly title: string;
  readonly body?: string;
  readonly author: string;
  readonly labels?: readonly string[];
}

export interface CreatedIssue {
  readonly number: number;
  readonly id: number;
  readonly url: string;
}

export interface NewComment {
  readonly repository: string;
  readonly issueNumber: number;
  readonly body: string;
  readonly author: string;
}

export interface IssueEdit {
  readonly repository: string;
  readonly issueNumber: number;
  readonly editor: string;
  readonly title?: string;
  readonly body?: string;
  readonly at?: Date;
}

export interface NewForkPullRequest {
  readonly repository: string;
  readonly author: string;
  readonly title: string;
  readonly body?: string;
  /** In the fork. */
  readonly branch: string;
}
