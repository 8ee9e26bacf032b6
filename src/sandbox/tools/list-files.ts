// Walks a tree's files in a fixed order, as a person would look through them: without what git ignores.
import ignore, { type Ignore } from 'ignore';
import { type Dirent, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Rules {
  /** Directory of the .gitignore, relative to the tree; empty for the tree itself. */
  readonly directory: string;
  readonly ignores: Ignore;
}

const neverEntered = new Set(['.git', 'node_modules']);

/**
 * Paths (relative to `root`, with `/`) of the regular files below `start`, sorted by name. Skips `.git`, `node_modules`,
 * links, and what the tree's .gitignore files name; a `start` that is itself skipped so is walked in full, since it was
 * asked for. Directories that cannot be read are passed over.
 */
export function* listFiles(root: string, start = ''): Generator<string> {
  const above = rulesAbove(root, start);
  const asked =
    start !== '' && (isIgnored(`${start}/`, above) || start.split('/').some((name) => neverEntered.has(name)));
  yield* below(root, start, asked ? [] : above, asked);
}

function* below(root: string, directory: string, above: readonly Rules[], all: boolean): Generator<string> {
  const rules = all ? [] : [...above, ...rulesOf(root, directory)];
  for (const entry of entriesOf(join(root, directory))) {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (entry.isDirectory()) {
      if (neverEntered.has(entry.name) || isIgnored(`${path}/`, rules)) continue;
      yield* below(root, path, rules, all);
    } else if (entry.isFile() && !isIgnored(path, rules)) {
      yield path;
    }
  }
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function rulesAbove(root: string, start: string): readonly Rules[] {
  if (start === '') return [];
  const parents: string[] = [];
  for (let directory = dirname(start); directory !== '.'; directory = dirname(directory)) parents.unshift(directory);
  return ['', ...parents].flatMap((directory) => rulesOf(root, directory));
}

function rulesOf(root: string, directory: string): readonly Rules[] {
  const file = join(root, directory, '.gitignore');
  try {
    if (realpathSync(file) !== file) return [];
    return [{ directory, ignores: ignore().add(readFileSync(file, 'utf8')) }];
  } catch {
    return [];
  }
}

/** As git: the deepest .gitignore that says something about a path decides. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { directory, ignores } of rules.toReversed()) {
    const inside = directory === '' ? path : `${relative(directory, path)}${path.endsWith('/') ? '/' : ''}`;
    const verdict = ignores.test(inside);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
