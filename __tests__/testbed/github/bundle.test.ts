// The demo ships the embedded GitHub in one CommonJS file that runs where there is no node_modules.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../../../testbed/github/github-only-emulate.mjs';

const program = `
  import { startGitHub } from './server.ts';
  void run();
  async function run() {
    const github = await startGitHub({ users: [], repositories: [{ name: 'octo/demo' }], tokens: { tok: 'octo' } });
    await github.seedRepository('octo/demo', { 'a.txt': 'a' });
    const issue = await github.createIssue({ repository: 'octo/demo', title: 'x', author: 'octo' });
    const { status } = await github.api('GET', '/repos/octo/demo/git/ref/heads/main');
    console.log(issue.number, status, github.problems.length);
    await github.close();
  }
`;

test('the server runs from one bundled file outside the repository', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bed-bundle-'));
  try {
    const outfile = join(directory, 'bed.cjs');
    const resolveDir = fileURLToPath(new URL('../../../testbed/github', import.meta.url));
    await build({
      stdin: { contents: program, resolveDir, loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      minifySyntax: true,
      minifyWhitespace: true,
      logLevel: 'silent',
      plugins: [githubOnlyEmulate],
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
      cwd: directory,
      env: { PATH: process.env['PATH'] },
    });
    expect(stdout.trim()).toBe('1 200 0');
    const bundled = await readFile(outfile, 'utf8');
    expect(bundled.length).toBeLessThan(800_000);
    expect(bundled).not.toContain('import.meta');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
