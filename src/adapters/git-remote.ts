// What the store needs of the place that branches are pushed to.
import { RunError } from '../errors.ts';
import type { BranchUpdate } from '../ports.ts';

/** A server by URL, or (a terminal run without GitHub) the user's own repository. */
export type RemoteOptions =
  | {
      readonly kind: 'http';
      /** Clone URL, `https://host/owner/name.git`; plain http only where the server's own address is http. */
      readonly url: string;
      /** Null for a server that asks for none. */
      readonly token: string | null;
      /** Heads that were asked for ahead (see git-remote-http.ts); each is taken out by the first who asks. */
      readonly asked?: Map<string, Promise<string | null>>;
    }
  | {
      readonly kind: 'local';
      readonly gitDir: string;
      /** Commits the repository certainly has; history behind them is not sent again. */
      readonly has: readonly string[];
    };

export interface Remote {
  branchHead(branch: string): Promise<string | null>;
  /** Makes the objects of a branch readable in the store; returns its head. Throws `base-branch-missing`. */
  fetch(branch: string): Promise<string>;
  /** All or none. Throws `push-refused`, `github-permission`, `github-bad-token` or `github-unavailable`. */
  push(updates: readonly BranchUpdate[]): Promise<void>;
  /** Asks whether a push of this commit to this branch would be let in; throws what `push` would. Changes nothing. */
  check(branch: string, commit: string): Promise<void>;
}

/** The lines that say why, without git's frame around them. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^remote:\s*/, '').trim());
  const telling = lines.filter((line) => line !== '' && !line.startsWith('error: failed to push some refs'));
  return telling.slice(-5).join('; ').slice(0, 600);
}

/** Reads git's own words for what a user can mend. `branch` names the branch that failed. */
export function remoteError(stderr: string, branch: string, action: string): RunError {
  if (/error: 403|Permission to .* denied|Write access to repository not granted/i.test(stderr)) {
    const facts =
      action === 'push'
        ? { action: 'push branches', permission: 'contents: write' }
        : { action: `${action} ${branch}`, permission: 'contents: read' };
    return new RunError('github-permission', facts, stderr);
  }
  if (/error: 401|Authentication failed|could not read (Username|Password)|Invalid username/i.test(stderr)) {
    return new RunError('github-bad-token', {}, stderr);
  }
  if (/Could not resolve host|Failed to connect|error: 5\d\d|timed out|Connection (reset|refused)/i.test(stderr)) {
    return new RunError('github-unavailable', { detail: reasonIn(stderr) }, stderr);
  }
  // What `fetch.fsckObjects` says of an object that no careful git would make.
  if (/fsck error/i.test(stderr)) {
    return new RunError('repository-unsafe', { detail: `${branch}: ${reasonIn(stderr)}` }, stderr);
  }
  return new RunError('push-refused', { branch, detail: reasonIn(stderr) }, stderr);
}
