// Asks GitHub for what a run reads first while the checkout is still being opened.
import type { GitHub } from '../ports.ts';

export interface AskedAhead {
  /** Whose comments the run will read; null for none. */
  readonly issueNumber: number | null;
  /** The branch whose pull request it will look for, as far as can be told before the configuration is read. */
  readonly branch: string;
  /** The file on a branch of ours that it will look into, likewise. */
  readonly file: { readonly branch: string; readonly path: string };
  /** True when nothing is asked but to start a run: who edited the issue is then asked, too. */
  readonly asksForEdits: boolean;
}

/**
 * The same port, with the answers to some questions on their way. Each is handed out once, to the first who asks just that;
 * whoever asks otherwise asks GitHub. A failure is theirs who ask.
 */
export function askAhead(github: GitHub, { issueNumber, branch, file, asksForEdits }: AskedAhead): GitHub {
  if (issueNumber === null) return github;
  const comments = once(github.comments(issueNumber));
  const pullRequest = once(github.findPullRequest(branch));
  const edits = asksForEdits ? once(github.issueEdits(issueNumber)) : () => null;
  const text = once(github.readFile(file.branch, file.path));
  return {
    ...github,
    comments: (number) => (number === issueNumber ? comments() : null) ?? github.comments(number),
    findPullRequest: (head) => (head === branch ? pullRequest() : null) ?? github.findPullRequest(head),
    issueEdits: (number) => (number === issueNumber ? edits() : null) ?? github.issueEdits(number),
    readFile: (from, path) =>
      (from === file.branch && path === file.path ? text() : null) ?? github.readFile(from, path),
  };
}

function once<T>(asked: Promise<T>): () => Promise<T> | null {
  asked.catch(() => undefined); // Told to whoever asks.
  let left: Promise<T> | null = asked;
  return () => {
    const taken = left;
    left = null;
    return taken;
  };
}
