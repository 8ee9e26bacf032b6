// A git server on loopback for tests of pushes: the real `git http-backend` behind a gate that each test chooses.
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createBareRepository } from '../../testbed/github/bare-repository.ts';
import { parseGitRequest, serveGit } from '../../testbed/github/git-http.ts';

export interface GitServer {
  readonly url: string;
  /** The bare repository behind it. */
  readonly repository: string;
  /** Every request's path and Authorization header. */
  readonly seen: readonly { readonly path: string; readonly authorization: string | undefined }[];
  /** Answers a request itself when it returns a status; else the request goes to git. */
  gate: (request: IncomingMessage) => { readonly status: number; readonly location?: string } | null;
  close(): Promise<void>;
}

export async function startGitServer(directory: string): Promise<GitServer> {
  const root = join(directory, 'server');
  await mkdir(root, { recursive: true });
  const repository = join(root, 'o', 'r.git');
  await createBareRepository(repository, 'main');
  const seen: { path: string; authorization: string | undefined }[] = [];
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    seen.push({ path, authorization: incoming.headers.authorization });
    const refusal = made.gate(incoming);
    const request = parseGitRequest(path);
    if (refusal !== null || request === null) {
      const { status, location } = { location: undefined, ...(refusal ?? { status: 404 }) };
      outgoing.writeHead(status, location === undefined ? {} : { location }).end('refused');
      return;
    }
    void serveGit(root, request, 'app', { incoming, outgoing });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const made: GitServer = {
    url: `http://127.0.0.1:${port ?? 0}/o/r.git`,
    repository,
    seen,
    gate: () => null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return made;
}
