// A repository of 200 files on the embedded GitHub, and the bundled action on it.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { labeledEvent } from '../testbed/github/events.ts';
import { startGitHub } from '../testbed/github/server.ts';
import { checkout } from '../testbed/runner/checkout.ts';
import { runAction, type ActionResult } from '../testbed/runner/run-action.ts';

const repository = 'acme/shop';

export interface ActionBed {
  /** A directory with the same files, for what is measured beside the action. */
  readonly files: string;
  /** Runs the action once on a fresh checkout. `startedAt` is `performance.now()` before it was started. */
  run(modelUrl: string): Promise<{ readonly startedAt: number; readonly result: ActionResult }>;
  close(): Promise<void>;
}

/** @param root directory of the product, with action.yml and dist/ */
export async function openActionBed(root: string, files: number): Promise<ActionBed> {
  const github = await startGitHub({
    users: ['alice'],
    repositories: [{ name: repository, collaborators: { alice: 'write' } }],
    tokens: {},
  });
  await github.seedRepository(repository, sampleFiles(files));
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const bare = join(directory, 'files');
  for (const [path, content] of Object.entries(sampleFiles(files))) {
    await mkdir(dirname(join(bare, path)), { recursive: true });
    await writeFile(join(bare, path), content);
  }
  let count = 0;
  return {
    files: bare,
    async run(modelUrl) {
      const token = await github.mintToken(
        { contents: 'write', issues: 'write', 'pull-requests': 'write' },
        repository,
      );
      const issue = await github.createIssue({ repository, title: `Task ${count}`, body: 'Do it.', author: 'alice' });
      const event = await labeledEvent(github, {
        repository,
        issueNumber: issue.number,
        label: 'ai-implement',
        sender: 'alice',
      });
      const workspace = join(directory, `workspace-${count++}`);
      const sha = await checkout({ cloneUrl: github.cloneUrl(repository), token, directory: workspace });
      let startedAt = 0;
      const result = await runAction({
        actionDirectory: root,
        onStart: () => {
          startedAt = performance.now();
        },
        workspace,
        event,
        github: { token, url: github.url, repository, actor: 'alice', sha, runId: count },
        inputs: {
          'anthropic-api-key': 'bench-key',
          'anthropic-base-url': modelUrl,
          'max-parallel': '8',
          'cost-limit-usd': '100',
        },
      });
      return { startedAt, result };
    },
    async close() {
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Name of the sample repository's file number `i`. */
export const sampleFile = (i: number): string => `src/part-${i % 10}/file-${i}.js`;

function sampleFiles(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    files[sampleFile(i)] = `export const value${i} = ${i};\n`.repeat(20);
  }
  return files;
}
