// Bundles the benchmark and its floor into a temporary directory and runs it: `npm run bench [-- --json]`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../testbed/github/github-only-emulate.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const directory = mkdtempSync(join(tmpdir(), 'bench-build-'));
const bundle = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
  outdir: directory,
};
try {
  spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), 'action', 'toolhost', 'report'], {
    stdio: 'inherit',
  });
  const floor = { minifySyntax: true, minifyWhitespace: true, outExtension: { '.js': '.cjs' } };
  await build({ ...bundle, ...floor, entryPoints: [join(root, 'bench', 'floor.ts')] });
  await build({
    ...bundle,
    plugins: [githubOnlyEmulate],
    outExtension: { '.js': '.cjs' },
    entryPoints: [join(root, 'bench', 'bench.ts')],
  });
  const args = [join(directory, 'bench.cjs'), root, join(directory, 'floor.cjs'), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
