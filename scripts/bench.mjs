// Bundles the benchmark and its floor into a temporary directory and runs it: `npm run bench [-- --json]`; that of trees alone:
// `npm run bench -- trees [--json] [--files N]`.
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
  outExtension: { '.js': '.cjs' },
};
const isOfTrees = process.argv[2] === 'trees';
const parts = isOfTrees ? ['toolhost'] : ['action', 'toolhost', 'report'];
try {
  spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), ...parts], { stdio: 'inherit' });
  if (!isOfTrees) {
    const floor = { minifySyntax: true, minifyWhitespace: true };
    await build({ ...bundle, ...floor, entryPoints: [join(root, 'bench', 'floor.ts')] });
  }
  const entry = isOfTrees ? 'trees' : 'bench';
  await build({ ...bundle, plugins: [githubOnlyEmulate], entryPoints: [join(root, 'bench', `${entry}.ts`)] });
  const given = isOfTrees ? process.argv.slice(3) : [join(directory, 'floor.cjs'), ...process.argv.slice(2)];
  const args = [join(directory, `${entry}.cjs`), root, ...given];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
