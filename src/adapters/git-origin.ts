// Which GitHub a terminal run talks to, and which repository there: from flags, environment and the origin remote.
import { RunError } from '../errors.ts';
import type { RepositoryName } from '../types.ts';
import { runGit } from './git-process.ts';

export interface Origin {
  readonly repository: RepositoryName;
  readonly serverUrl: string;
  readonly apiUrl: string;
}

/** What the environment says, as a runner sets it; null where it says nothing. */
export interface ForgeUrls {
  readonly serverUrl: string | null;
  readonly apiUrl: string | null;
}

/** @param repo `owner/name`, or null for the origin's. @throws RunError `input-invalid` */
export async function readOrigin(gitDir: string, repo: string | null, urls: ForgeUrls): Promise<Origin> {
  const remote = await runGit({ gitDir, args: ['config', '--get', 'remote.origin.url'], accept: [0, 1] });
  const origin = parseRemote(remote.stdout.toString().trim());
  const [owner = '', name = ''] = (repo ?? origin?.path ?? '').split('/');
  const serverUrl = urls.serverUrl ?? origin?.serverUrl ?? null;
  if (owner === '' || name === '') {
    throw new RunError('input-invalid', {
      problem: '--repo must be owner/name; the project has no origin to take it from',
    });
  }
  if (serverUrl === null) {
    throw new RunError('input-invalid', {
      problem: 'the project has no origin; set GITHUB_SERVER_URL and GITHUB_API_URL',
    });
  }
  return { repository: { owner, name }, serverUrl, apiUrl: urls.apiUrl ?? apiUrlOf(serverUrl) };
}

/** `https://host/o/r.git`, `ssh://git@host/o/r`, `git@host:o/r.git`. */
function parseRemote(url: string): { serverUrl: string; path: string } | null {
  const [, scheme, host, path] =
    /^(?:(https?|ssh):\/\/)?(?:[^@/]+@)?([^/:]+(?::\d+)?)[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(url) ?? [];
  if (host === undefined || path === undefined) return null;
  return { serverUrl: `${scheme === 'http' ? 'http' : 'https'}://${host}`, path };
}

/**
 * The public service and its data-residency tenants have an `api.` host; an Enterprise Server has a path
 * (https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api).
 */
function apiUrlOf(serverUrl: string): string {
  const { protocol, hostname, host } = new URL(serverUrl);
  const hosted = hostname.split('.').length === 2 || hostname.endsWith('.ghe.com');
  return hosted && protocol === 'https:' ? `https://api.${host}` : `${serverUrl}/api/v3`;
}
