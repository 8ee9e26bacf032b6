// Bundles every entry into dist/: one file each, nothing fetched at run time. Missing entries are an error.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { githubOnlyEmulate } from '../testbed/github/github-only-emulate.mjs';

const entries = {
  action: 'src/action.ts',
  cli: 'src/cli.ts',
  toolhost: 'src/sandbox/toolhost.ts',
  'read-agent-file': 'src/config/read-agent-file.ts',
  'openai-model': 'src/adapters/openai-model.ts',
  report: 'src/report/render-report.ts',
  mirror: 'src/adapters/mirror/serve-mirror.ts',
  demo: 'demo/demo.ts',
  'demo-run': 'demo/demo-run.ts',
};

/**
 * A dynamic import of our own code that is an entry becomes a file of its own beside the bundle, read only when it is
 * used. Any other stays in the bundle, where it is read but not run before it is used: a second file would bring a
 * second copy of what both need, above all of zod.
 */
const ownBundleForDynamicImports = {
  name: 'own-bundle-for-dynamic-imports',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.{1,2}\// }, (args) => {
      if (args.kind !== 'dynamic-import' || args.importer.includes('node_modules')) return undefined;
      const name = Object.keys(entries).find((key) => entries[key].endsWith(args.path.replace(/^[./]+/, '')));
      return name === undefined ? undefined : { path: `./${name}.cjs`, external: true };
    });
  },
};

/** Namespaces of the SDK that we never call, two thirds of its code: they would be read at each start. */
const sdkWithoutUnused = {
  name: 'sdk-without-unused',
  setup(bundle) {
    const unused = /@anthropic-ai[\\/]sdk[\\/]resources[\\/](?:beta[\\/]beta|organization[\\/]organization)\.mjs$/;
    bundle.onLoad({ filter: unused }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/^export var (\w+)/gm)].map(([, name]) => name);
      return { contents: names.map((name) => `export class ${name} extends Error {}`).join('\n') };
    });
  },
};

/** Names of entries, all unless given; `--outdir=<path>` puts them elsewhere, to compare them with what is there. */
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--outdir='));
const outdir = /^--outdir=(.+)$/m.exec(process.argv.join('\n'))?.[1] ?? 'dist';
const { metafile } = await build({
  metafile: true,
  entryPoints: Object.fromEntries(
    Object.entries(entries).filter(([name]) => wanted.length === 0 || wanted.includes(name)),
  ),
  outdir,
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
    // The Actions toolkit's own client, for OIDC and proxies: nothing here calls it, and it would load https, tls and undici.
    '@actions/http-client': './scripts/without-http-client.mjs',
    '@actions/http-client/lib/auth': './scripts/without-http-client.mjs',
    // A table of a thousand named methods; we call by route.
    '@octokit/plugin-rest-endpoint-methods': './scripts/without-endpoint-methods.mjs',
  },
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: '/* Built from src/ by `npm run build`; do not edit. */' },
  plugins: [githubOnlyEmulate, ownBundleForDynamicImports, sdkWithoutUnused],
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
if (wanted.length === 0) writeFileSync(join(outdir, 'licenses.txt'), licenseTexts(Object.keys(metafile.inputs)));

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
