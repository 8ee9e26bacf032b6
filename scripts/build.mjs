// Bundles every entry into dist/: one file each, nothing fetched at run time. Missing entries are an error.
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../testbed/github/github-only-emulate.mjs';

const entries = {
  action: 'src/action.ts',
  cli: 'src/cli.ts',
  toolhost: 'src/sandbox/toolhost.ts',
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
await build({
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
