// Bundles every entry into dist/: one file each, nothing fetched at run time. Missing entries are an error.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../testbed/github/github-only-emulate.mjs';

const entries = {
  action: 'src/action.ts',
  cli: 'src/cli.ts',
  toolhost: 'src/sandbox/toolhost.ts',
  'action-run': 'src/action-run.ts',
  'anthropic-model': 'src/adapters/anthropic-model.ts',
  report: 'src/report/render-report.ts',
  demo: 'demo/demo.ts',
  'demo-run': 'demo/demo-run.ts',
};

/** A dynamic import of our own code becomes a file of its own beside the bundle, read only when it is used. */
const ownBundleForDynamicImports = {
  name: 'own-bundle-for-dynamic-imports',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.{1,2}\// }, (args) => {
      if (args.kind !== 'dynamic-import' || args.importer.includes('node_modules')) return undefined;
      const name = Object.keys(entries).find((key) => entries[key].endsWith(args.path.replace(/^[./]+/, '')));
      if (name === undefined)
        throw new Error(`${args.path} is imported on demand but is no entry of scripts/build.mjs`);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

const wanted = process.argv.slice(2);
const { metafile } = await build({
  metafile: true,
  entryPoints: Object.fromEntries(
    Object.entries(entries).filter(([name]) => wanted.length === 0 || wanted.includes(name)),
  ),
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  // Becomes a plain require: node's loader of modules would start up and scan the whole file first.
  supported: { 'dynamic-import': false },
  alias: {
    // Its main file hides its own requires from bundlers.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    undici: './scripts/without-undici.mjs',
  },
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: '/* Built from src/ by `npm run build`; do not edit. */' },
  plugins: [githubOnlyEmulate, ownBundleForDynamicImports],
});

// Regular expressions keep letters beyond ASCII as they are, and one such letter makes the engine hold a whole file in two
// bytes a character, which takes twice as long to compile.
for (const path of Object.keys(metafile.outputs)) {
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(/[^\x00-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
if (wanted.length === 0) writeFileSync('dist/licenses.txt', licenseTexts(Object.keys(metafile.inputs)));

/** The licences of all packages in the bundles, as they ask to be passed on. */
function licenseTexts(inputs) {
  const packages = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const folders = [...new Set(packages.filter((folder) => folder !== undefined))].sort();
  const texts = folders.flatMap((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|third_party)/i.test(file));
    return [`== ${name} ${version}`, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())];
  });
  return `${texts.join('\n\n')}\n`;
}
