// Smart HTTP for bare repositories: the real `git http-backend` behind a node request handler.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './bare-repository.ts';

export interface GitRequest {
  readonly repository: string;
  readonly service: string;
  readonly query: string;
  readonly isPush: boolean;
}

/** Tells a git request by its address; null for anything else. `path` has its query. */
export function parseGitRequest(path: string): GitRequest | null {
  const [pathname = '', query = ''] = path.split('?');
  const match = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(pathname);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  const isPush = match[2] === 'git-receive-pack' || /(^|&)service=git-receive-pack(&|$)/.test(query);
  return { repository: match[1], service: match[2], query, isPush };
}

/**
 * Answers one git request and resolves with the status when the answer is written.
 * `pusher` is `app` for a job's token (the update hook asks for it) and `user` for a person's.
 */
export function serveGit(
  root: string,
  request: GitRequest,
  pusher: 'app' | 'user',
  streams: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
): Promise<number> {
  const { incoming, outgoing } = streams;
  const backend = spawn('git', ['http-backend'], { env: backendEnvironment(root, request, pusher, incoming) });
  backend.stdin.on('error', () => undefined); // git may stop reading early; its answer says why
  incoming.pipe(backend.stdin);
  return relay(backend, outgoing);
}

function backendEnvironment(
  root: string,
  git: GitRequest,
  pusher: string,
  incoming: IncomingMessage,
): NodeJS.ProcessEnv {
  const header = (name: string): string | undefined => [incoming.headers[name]].flat()[0];
  const optional = {
    CONTENT_LENGTH: header('content-length'), // absent for a chunked push: git then reads to the end
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_USER: git.isPush ? pusher : undefined, // git takes pushes only from a known user
  };
  return {
    ...gitEnvironment,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${git.repository}.git/${git.service}`,
    QUERY_STRING: git.query,
    REQUEST_METHOD: incoming.method,
    CONTENT_TYPE: header('content-type') ?? '',
    REMOTE_ADDR: '127.0.0.1',
    BED_PUSHER: pusher,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** Passes a CGI answer on: header lines up to the empty one, then the body as it comes. */
function relay(backend: ChildProcessWithoutNullStreams, outgoing: ServerResponse): Promise<number> {
  let head = Buffer.alloc(0);
  let errors = '';
  backend.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  backend.stdout.on('data', (chunk: Buffer) => {
    if (outgoing.headersSent) {
      outgoing.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(head.subarray(0, end).toString(), outgoing);
    outgoing.write(head.subarray(end + 4));
  });
  return new Promise((resolve, reject) => {
    backend.on('error', reject);
    backend.on('close', () => {
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end(outgoing.statusCode === 500 ? errors : undefined);
      resolve(outgoing.statusCode);
    });
  });
}

function writeHead(text: string, outgoing: ServerResponse): void {
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(': ');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 2);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else outgoing.setHeader(name, value);
  }
  outgoing.writeHead(status);
}
