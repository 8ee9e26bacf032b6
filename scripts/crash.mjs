// Bundles the crash test into a temporary directory and runs it:
// `npm run test:crash [-- --quick | --sample] [-- <part of a kill point's name>]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../testbed/github/github-only-emulate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const directory = mkdtempSync(join(tmpdir(), 'crash-build-'));
const source = (name) => join(root, '__tests__', 'crash', `${name}.ts`);
const bundle = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };
try {
  const entries = ['action', 'cli', 'toolhost', 'mirror', 'report'];
  spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), ...entries], { stdio: 'inherit' });
  const crash = join(directory, 'crash.cjs');
  const hook = join(directory, 'kill-hook.cjs');
  await build({
    ...bundle,
    format: 'cjs',
    plugins: [githubOnlyEmulate],
    entryPoints: [source('crash')],
    outfile: crash,
  });
  await build({ ...bundle, format: 'cjs', entryPoints: [source('kill-hook')], outfile: hook });
  process.exitCode =
    spawnSync(process.execPath, [crash, root, hook, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
