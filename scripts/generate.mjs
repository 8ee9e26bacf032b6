// Writes every generated file again (`npm run generate`), or with --check names those that are stale and exits 1.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { format, getFileInfo, resolveConfig } from 'prettier';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const checkOnly = process.argv.includes('--check');

const { documents } = await load('scripts/documents.ts');
const stale = [];
for (const { path, content } of documents((wanted) => readFileSync(join(root, wanted), 'utf8'))) {
  const target = join(root, path);
  const text = await formatted(target, content);
  if (present(target) === text) continue;
  stale.push(path);
  if (checkOnly) continue;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
if (stale.length > 0) console.log(`${checkOnly ? 'stale' : 'written'}: ${stale.join(', ')}`);
if (checkOnly && stale.length > 0) {
  console.error('Run `npm run generate` and commit the result.');
  process.exitCode = 1;
}

/** Bundles a TypeScript module in memory, so that plain node 20 can run it, and returns its exports. */
async function load(path) {
  const result = await build({
    entryPoints: [join(root, path)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    target: 'node20',
    logLevel: 'warning',
  });
  const module = { exports: {} };
  const run = new Function('module', 'exports', 'require', result.outputFiles[0].text);
  run(module, module.exports, createRequire(import.meta.url));
  return module.exports;
}

/** As `npm run format` would leave it. */
async function formatted(target, content) {
  const { ignored, inferredParser } = await getFileInfo(target, { ignorePath: join(root, '.prettierignore') });
  if (ignored || inferredParser === null) return content;
  return format(content, { ...(await resolveConfig(target)), parser: inferredParser });
}

function present(target) {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return null;
  }
}
