// A file tree in few characters: deep where there is room, folders summed up where there is not.

interface Folder {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}

/** Lines and characters that a tree may take in the brief; every agent pays for each of them in every turn. */
const MAX_LINES = 120;
const MAX_CHARS = 3_200;
/** The same where likely files are told beside it: they are what is looked for, and the tree says what lies around. */
const FEWER_LINES = 60;
const FEWER_CHARS = 1_400;
/** Likely files whose folders are opened before all others. */
const OPENED = 5;
/** Characters of the files, and of the closed folders, of one folder. */
const FOLDER_CHARS = 600;

/**
 * Indented tree of paths; folders that do not fit are one line with their number of files. With likely paths it is
 * smaller, and their folders are opened before all others, the likeliest first.
 */
export function drawTree(paths: readonly string[], likely: readonly string[] = []): string {
  const [maxLines, maxChars] = likely.length === 0 ? [MAX_LINES, MAX_CHARS] : [FEWER_LINES, FEWER_CHARS];
  const fits = (lines: readonly string[]): boolean => lines.length <= maxLines && lines.join('\n').length <= maxChars;
  const root = grow(paths);
  let depth = 0;
  let open: ReadonlySet<string> = new Set();
  for (const path of likely.slice(0, OPENED)) {
    const wider = new Set([...open, ...foldersOf(path)]);
    if (fits(draw(root, depth, wider))) open = wider;
  }
  while (depth < MAX_DEPTH && fits(draw(root, depth + 1, open))) depth++;
  return withinChars(draw(root, depth, open).slice(0, maxLines), maxChars).join('\n');
}

const MAX_DEPTH = 12;

/** `a/b/c.ts` to `a/` and `a/b/`. */
const foldersOf = (path: string): string[] =>
  path.split('/').flatMap((_part, index, parts) => (index === 0 ? [] : [`${parts.slice(0, index).join('/')}/`]));

function withinChars(lines: readonly string[], most: number): readonly string[] {
  let used = 0;
  const over = lines.findIndex((line) => (used += line.length + 1) > most + 1);
  return over < 0 ? lines : lines.slice(0, over);
}

function grow(paths: readonly string[]): Folder {
  const root: Folder = { files: [], folders: new Map() };
  for (const path of paths) {
    const parts = path.split('/');
    const file = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const next = folder.folders.get(part) ?? { files: [], folders: new Map() };
      folder.folders.set(part, next);
      folder = next;
    }
    folder.files.push(file);
  }
  return root;
}

/** Lines of a folder: open to a depth, and where its path (`src/auth/`) is among those that are open anyhow. */
function draw(folder: Folder, depth: number, open: ReadonlySet<string>, at = ''): string[] {
  const indent = '  '.repeat(at.split('/').length - 1);
  const isOpen = (name: string): boolean => depth > 0 || open.has(`${at}${name}/`);
  const folders = [...folder.folders];
  const closed = folders.filter(([name]) => !isOpen(name)).map(([name, inner]) => `${name}/ (${count(inner)} files)`);
  const opened = folders
    .filter(([name]) => isOpen(name))
    .flatMap(([name, inner]) => [`${indent}${name}/`, ...draw(inner, depth - 1, open, `${at}${name}/`)]);
  // Files of one folder share a line, and so do folders that are not opened: names matter, and lines are what costs.
  const shared = [closed, folder.files].filter((names) => names.length > 0);
  return [...opened, ...shared.map((names) => `${indent}${namesOf(names)}`)];
}

/** Names on one line; the names of a thousand fixtures tell what twenty tell. */
function namesOf(names: readonly string[]): string {
  const all = names.join('  ');
  if (all.length <= FOLDER_CHARS) return all;
  const shown = all.slice(0, all.lastIndexOf('  ', FOLDER_CHARS)).split('  ');
  return `${shown.join('  ')}  ... ${names.length - shown.length} more`;
}

const count = (folder: Folder): number =>
  folder.files.length + [...folder.folders.values()].reduce((sum, inner) => sum + count(inner), 0);
