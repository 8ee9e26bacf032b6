// A broker in a process of its own, with secrets in its environment: it opens the sandbox and a tree as a run does, and does
// what the test asks for, one JSON line each. So a test can play it as another user, and kill it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGitStore } from '../../src/adapters/git-store.ts';
import { openSource } from '../../src/adapters/git-source.ts';
import { openSandbox } from '../../src/adapters/sandbox/open-sandbox.ts';
import { makeShimFolder } from '../../src/adapters/shim-folder.ts';
import { createTrees } from '../../src/adapters/trees.ts';
import type { Tree, Trees } from '../../src/ports.ts';
import type { SandboxConfig } from '../../src/types.ts';

export interface MiniBrokerOptions {
  readonly choice: SandboxConfig['backend'];
  readonly only: string | null;
  readonly directory: string;
  readonly checkout: string;
  readonly toolhostPath: string;
  readonly maySudo: boolean;
  readonly memoryBytes: number | null;
}

export type MiniBrokerRequest =
  | { readonly kind: 'run'; readonly command: string; readonly timeoutMs: number }
  | { readonly kind: 'call'; readonly tool: string; readonly input: unknown }
  | { readonly kind: 'open' | 'save' | 'quiesce' | 'facts' | 'close' };

async function main(): Promise<void> {
  const options: MiniBrokerOptions = JSON.parse(process.argv[2] ?? '{}');
  const directory = join(options.directory, 'sandbox');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const source = await openSource(options.checkout);
  const store = createGitStore({
    directory: join(options.directory, 'store'),
    source,
    remote: { kind: 'local', gitDir: source.gitDir, has: [] },
    clock: { now: () => 1_795_341_600_000 },
    prefix: () => 'ai',
  });
  const sandbox = openSandbox({
    ...{ choice: options.choice, network: 'none', directory, toolhostPath: options.toolhostPath, readOnlyPaths: [] },
    ...(options.only === null ? {} : { only: options.only }),
    shims: makeShimFolder(directory),
    env: process.env,
    maySudo: options.maySudo,
  });
  const trees = createTrees({
    ...{ store, sandbox, directory: join(options.directory, 'trees'), env: process.env, checkout: options.checkout },
    ...(options.memoryBytes === null ? {} : { memoryBytes: options.memoryBytes }),
  });
  await serve(trees, source.headCommit ?? '');
  await trees.close();
  store.close();
}

async function serve(trees: Trees, commit: string): Promise<void> {
  let tree: Promise<Tree> | null = null;
  const opened = (): Promise<Tree> => (tree ??= trees.open('TASK-001', commit));
  const answer = async (request: MiniBrokerRequest): Promise<unknown> => {
    switch (request.kind) {
      case 'run':
        return (await opened()).run(request);
      case 'call':
        return (await opened()).call(request.tool, request.input, { owns: [], foreign: [] });
      case 'open':
        await trees.open('TASK-002', commit);
        return null;
      case 'save':
        return (await opened()).save();
      case 'quiesce':
        return trees.quiesce();
      case 'facts':
        return trees.sandbox();
      case 'close':
        return null;
    }
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, request }: { id: number; request: MiniBrokerRequest } = JSON.parse(line);
    void answer(request).then(
      (value) => process.stdout.write(`${JSON.stringify({ id, value: value ?? null })}\n`),
      (error: unknown) => process.stdout.write(`${JSON.stringify({ id, error: String(error) })}\n`),
    );
    if (request.kind === 'close') return;
  }
}

void main();
