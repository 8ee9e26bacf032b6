// Node projects: the package manager by lockfile, the checks by script name.
import * as z from 'zod/mini';
import type { Project, ProjectChecks } from '../project.ts';

const record = z.catch(z.record(z.string(), z.string()), {});
const packageJson = z.object({
  packageManager: z.catch(z.string(), ''),
  workspaces: z.optional(z.unknown()),
  scripts: record,
  dependencies: record,
  devDependencies: record,
  optionalDependencies: record,
  peerDependencies: record,
});
type PackageJson = z.infer<typeof packageJson>;

type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const lockfiles: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** Check name, and the scripts that may stand for it: the first that runs once (and is not a watcher) is taken. */
const wanted: readonly (readonly [string, readonly string[]])[] = [
  ['test', ['test', 'test:ci', 'test:run', 'test:unit']],
  ['typecheck', ['typecheck', 'type-check', 'check-types', 'check:types', 'types:check', 'ts:check', 'types', 'tsc']],
  ['lint', ['lint']],
];

const nothing: ProjectChecks = { setup: null, checks: [] };
const watches = /(^|\s)(--watch(All)?(=true)?|-w|nodemon|watch)(\s|$)/;
const npmDefault = /no test specified/;

/** Nothing when there is no package.json, or it is not JSON. */
export async function detectNode({ files, readFile }: Project): Promise<ProjectChecks> {
  const text = files.includes('package.json') ? await readFile('package.json') : null;
  const manifest = text === null ? null : parse(text);
  if (manifest === null) return nothing;
  const lock = lockfiles.find(([file]) => files.includes(file));
  const manager = managerOf(manifest.packageManager) ?? lock?.[1] ?? 'npm';
  const locked = lock?.[1] === manager;
  return {
    setup: needsInstall(manifest, files) ? install(manager, locked, manifest, files) : null,
    checks: checksOf(manifest, manager),
  };
}

function parse(text: string): PackageJson | null {
  try {
    const parsed = packageJson.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The `packageManager` field (`pnpm@10.2.0`); null when it names none that we know. */
function managerOf(field: string): PackageManager | null {
  const name = field.split('@')[0];
  return name === 'npm' || name === 'pnpm' || name === 'yarn' || name === 'bun' ? name : null;
}

function needsInstall(manifest: PackageJson, files: readonly string[]): boolean {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  const all = { ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies };
  return Object.keys(all).length > 0 || manifest.workspaces !== undefined || files.includes('pnpm-workspace.yaml');
}

function install(manager: PackageManager, locked: boolean, manifest: PackageJson, files: readonly string[]): string {
  if (manager === 'npm') return locked ? 'npm ci' : 'npm install';
  if (!locked) return `${manager} install`;
  const isModernYarn = /^yarn@([2-9]|\d\d)/.test(manifest.packageManager) || files.includes('.yarnrc.yml');
  return `${manager} install ${manager === 'yarn' && isModernYarn ? '--immutable' : '--frozen-lockfile'}`;
}

function checksOf({ scripts }: PackageJson, manager: PackageManager): ProjectChecks['checks'] {
  return wanted.flatMap(([name, candidates]) => {
    const script = candidates.find((candidate) => runsOnce(scripts[candidate]));
    if (script === undefined) return [];
    return [{ name, command: script === 'test' && manager === 'npm' ? 'npm test' : `${manager} run ${script}` }];
  });
}

const runsOnce = (script: string | undefined): boolean =>
  script !== undefined && script.trim() !== '' && !watches.test(script) && !npmDefault.test(script);
