// Works out how a project is set up and checked, from the files of the base commit.
import { detectGo, detectMake, detectRust } from './ecosystems/compiled.ts';
import { detectNode } from './ecosystems/node.ts';
import { detectPython } from './ecosystems/python.ts';
import type { Project, ProjectChecks } from './project.ts';
import type { CheckSpec } from './run-checks.ts';

/** What the configuration says; null means that it says nothing. An empty `setup` means that none is wanted. */
export interface GivenChecks {
  readonly setup: string | null;
  readonly checks: readonly CheckSpec[] | null;
}

const maxFolders = 8;
const manifest = /^([^/]+)\/(package\.json|pyproject\.toml|setup\.py|requirements\.txt|go\.mod|Cargo\.toml|Makefile)$/;

/**
 * What the configuration gives, and for what it does not give: the checks of the root; where the root has none, those
 * of the folders right below it (at most eight, in order of their names), named after the folder.
 * `project` is the base commit's.
 */
export async function detectChecks(project: Project, given?: GivenChecks): Promise<ProjectChecks> {
  const detected = await detect(project);
  return {
    setup: given?.setup == null ? detected.setup : given.setup.trim() === '' ? null : given.setup,
    checks: given?.checks ?? detected.checks,
  };
}

async function detect(project: Project): Promise<ProjectChecks> {
  const root = await detectFolder(project);
  if (root.checks.length > 0) return root;
  const folders = [...new Set(project.files.flatMap((file) => manifest.exec(file)?.[1] ?? []))].sort();
  const parts: ProjectChecks[] = [];
  for (const folder of folders.slice(0, maxFolders)) parts.push(await detectBelow(project, folder));
  return join([root, ...parts]);
}

async function detectFolder(project: Project): Promise<ProjectChecks> {
  const parts = [await detectNode(project), await detectPython(project), detectGo(project), detectRust(project)];
  const found = join(parts);
  const hasTests = found.checks.some((check) => check.name.includes('test'));
  return hasTests ? found : join([found, await detectMake(project)]);
}

async function detectBelow(project: Project, folder: string): Promise<ProjectChecks> {
  const inside = await detectFolder({
    files: project.files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1)),
    readFile: (path) => project.readFile(`${folder}/${path}`),
  });
  const enter = (command: string): string => `(cd ${quote(folder)} && ${command})`;
  return {
    setup: inside.setup === null ? null : enter(inside.setup),
    checks: inside.checks.map(({ name, command }) => ({ name: `${folder}: ${name}`, command: enter(command) })),
  };
}

function join(parts: readonly ProjectChecks[]): ProjectChecks {
  const setups = parts.flatMap((part) => part.setup ?? []);
  return { setup: setups.length === 0 ? null : setups.join(' && '), checks: parts.flatMap((part) => part.checks) };
}

/** For a POSIX shell. */
const quote = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
