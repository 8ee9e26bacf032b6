// Lets esbuild put the `emulate` package into one CommonJS file: GitHub's part only, and no fonts read from disk.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const inPackage = /[\\/]emulate[\\/]dist[\\/][^\\/]+\.js$/;

/** True for the package's GitHub part; its other parts (AWS, Slack, ...) are siblings with hashed names. */
const isGitHubPart = (text) => text.includes('// ../@emulators/github/dist/');

/** An esbuild plugin. It must stand before any plugin that takes relative dynamic imports for its own. */
export const githubOnlyEmulate = {
  name: 'github-only-emulate',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\/dist-\w+\.js$/ }, (args) => {
      if (args.kind !== 'dynamic-import' || !inPackage.test(args.importer)) return undefined;
      return { path: join(args.resolveDir, args.path) };
    });
    bundle.onLoad({ filter: inPackage }, async (args) => {
      const text = await readFile(args.path, 'utf8');
      const isOtherPart = /dist-\w+\.js$/.test(args.path) && !isGitHubPart(text);
      if (isOtherPart) return { contents: "throw new Error('This bundle has only the GitHub part of emulate.');" };
      return { contents: withoutFonts(text), loader: 'js' };
    });
  },
};

/** The pages of the emulator are not used, and a bundle has no files beside it. */
function withoutFonts(text) {
  return text
    .replaceAll(/readFileSync\(join\d?\(__dirname, "fonts", "[^"]+"\)\)/g, 'new Uint8Array()')
    .replaceAll('dirname(fileURLToPath(import.meta.url))', '""');
}
