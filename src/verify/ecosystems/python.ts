// Python projects whose tests pytest can run.
import type { Project, ProjectChecks } from '../project.ts';

const testFile = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/;
const requirements = /^requirements[\w.-]*\.txt$/;
const extras = /^(test|tests|testing|dev)\s*=\s*\[/m;

/**
 * Pytest in a virtual environment of the tree. `PYTHONPATH` puts the tree's own files before whatever was installed, so
 * that a tree is never tested with another tree's code. Nothing when there are no test files.
 */
export async function detectPython({ files, readFile }: Project): Promise<ProjectChecks> {
  if (!files.some((file) => testFile.test(file))) return { setup: null, checks: [] };
  const packages = files.includes('uv.lock') ? null : await packagesOf(files, readFile);
  const path = files.some((file) => file.startsWith('src/') && file.endsWith('.py')) ? '.:src' : '.';
  return {
    setup: packages === null ? 'uv sync --frozen' : environment(packages),
    checks: [{ name: 'pytest', command: `PYTHONPATH=${path} .venv/bin/python -m pytest` }],
  };
}

/** Arguments of `pip install`; empty when the project names no dependencies. */
async function packagesOf(files: readonly string[], readFile: Project['readFile']): Promise<readonly string[]> {
  const lists = files.filter((file) => requirements.test(file)).flatMap((file) => ['-r', file]);
  const pyproject = files.includes('pyproject.toml') ? ((await readFile('pyproject.toml')) ?? '') : '';
  const isPackage = /^\[(project|build-system)\]/m.test(pyproject) || files.includes('setup.py');
  if (!isPackage) return lists;
  const extra = pyproject.includes('[project.optional-dependencies]') ? extras.exec(pyproject)?.[1] : undefined;
  return [...lists, '-e', extra === undefined ? '.' : `'.[${extra}]'`];
}

/** What the machine has is better than nothing; that the installation failed is told all the same. */
const fallBack = 'code=$?; python3 -m venv --clear --system-site-packages .venv; exit $code;';

/** Where nothing is named, a pytest that the machine already has will do: no network is needed then. */
function environment(packages: readonly string[]): string {
  const pip = '.venv/bin/python -m pip install --quiet';
  if (packages.length > 0) return `python3 -m venv .venv && ${pip} pytest ${packages.join(' ')} || { ${fallBack} }`;
  return `python3 -m venv --system-site-packages .venv && { .venv/bin/python -c 'import pytest' 2>/dev/null || ${pip} pytest; }`;
}
