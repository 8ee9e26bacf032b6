// One authenticated connection to one repository, shared by the parts of the GitHub port.
import { Octokit } from '@octokit/rest';
import type { Call } from './github-retry.ts';

export interface Connection {
  readonly octokit: Octokit;
  readonly call: Call;
  readonly owner: string;
  readonly repo: string;
  readonly graphqlUrl: string;
}

const silent = () => undefined;
const noLog = { debug: silent, info: silent, warn: silent, error: silent };

/**
 * @param apiUrl GITHUB_API_URL: also that of an Enterprise server, or of a test's own.
 * @param timeoutMs for each request with its reply.
 */
export function createOctokit(apiUrl: string, token: string, timeoutMs: number): Octokit {
  const octokit = new Octokit({
    auth: token,
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent: 'ai-implement',
    // Octokit logs requests to the console; everything we print goes through one place instead.
    log: noLog,
    request: { log: noLog },
  });
  octokit.hook.before('request', (options) => {
    options.request = { ...options.request, signal: AbortSignal.timeout(timeoutMs) };
  });
  return octokit;
}
