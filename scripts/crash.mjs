// Bundles the crash test into a temporary directory and runs it: `npm run test:crash [-- <part of a kill point's name>]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../testbed/github/github-only-emulate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const directory = mkdtempSync(join(tmpdir(), 'crash-build-'));
try {
  spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), 'cli', 'toolhost', 'report'], { stdio: 'inherit' });
  const outfile = join(directory, 'crash.cjs');
  await build({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    plugins: [githubOnlyEmulate],
    entryPoints: [join(root, '__tests__', 'crash', 'crash.ts')],
    outfile,
  });
  process.exitCode =
    spawnSync(process.execPath, [outfile, root, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
