// A file tree in few characters: deep where there is room, folders summed up where there is not.

interface Folder {
  readonly files: string[];
  readonly folders: Map<string, Folder>;
}

/** Lines and characters that a tree may take in the brief; every agent pays for each of them in every turn. */
const MAX_LINES = 120;
const MAX_CHARS = 3_200;
/** Characters of the files of one folder: the names of a thousand fixtures tell what twenty tell. */
const FOLDER_CHARS = 600;

/** Indented tree of paths; folders that do not fit are one line with their number of files. */
export function drawTree(paths: readonly string[], maxLines = MAX_LINES, maxChars = MAX_CHARS): string {
  const root = grow(paths);
  let drawn = draw(root, 0);
  for (let depth = 1; depth <= 12; depth++) {
    const next = draw(root, depth);
    if (next.length > maxLines || next.join('\n').length > maxChars) break;
    drawn = next;
  }
  return withinChars(drawn.slice(0, maxLines), maxChars).join('\n');
}

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

function draw(folder: Folder, depth: number, indent = ''): string[] {
  const folders = [...folder.folders].flatMap(([name, inner]) =>
    depth > 0
      ? [`${indent}${name}/`, ...draw(inner, depth - 1, `${indent}  `)]
      : [`${indent}${name}/ (${count(inner)} files)`],
  );
  // Files of one folder share a line: names are what matters, and lines are what costs.
  return folder.files.length === 0 ? folders : [...folders, `${indent}${namesOf(folder.files)}`];
}

function namesOf(files: readonly string[]): string {
  const all = files.join('  ');
  if (all.length <= FOLDER_CHARS) return all;
  const shown = all.slice(0, all.lastIndexOf('  ', FOLDER_CHARS)).split('  ');
  return `${shown.join('  ')}  ... ${files.length - shown.length} more`;
}

const count = (folder: Folder): number =>
  folder.files.length + [...folder.folders.values()].reduce((sum, inner) => sum + count(inner), 0);
