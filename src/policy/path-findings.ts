// What is said of a change by paths and modes alone.
import type { ChangedEntry } from '../ports.ts';
import { refusedPath } from '../sandbox/look-alikes.ts';
import type { DiffFinding } from '../types.ts';
import { findHidden } from './hidden-characters.ts';
import { foldPath } from './match-paths.ts';

export interface PathContext {
  readonly isProtected: (path: string) => boolean;
  /** True for paths that the maintainers leave to agents. */
  readonly isExcluded: (path: string) => boolean;
  /** Top-level directories of the base. */
  readonly topDirectories: ReadonlySet<string>;
}

/** Blocks of one changed path, both sides of a rename looked at. */
export function pathFindings(entry: ChangedEntry, context: PathContext): readonly DiffFinding[] {
  const paths = entry.previousPath === null ? [entry.path] : [entry.previousPath, entry.path];
  const faults = [
    ...paths.filter(context.isProtected).map((path) => fault('protected-path', path, PROTECTED)),
    ...nameFault(entry),
    ...(isNewDotDirectory(entry, context) ? [fault('new-dot-directory', entry.path, NEW_DOT_DIRECTORY)] : []),
    ...modeFault(entry),
  ];
  return faults;
}

const PROTECTED = 'This path is protected; only people change it.';
const NEW_DOT_DIRECTORY =
  'It lies in a new top-level directory whose name begins with a dot; tools read their settings from such.';

const fault = (rule: DiffFinding['rule'], path: string, words: string): DiffFinding => ({
  rule,
  path,
  line: null,
  words,
});

/** Names that are there already are not this change's fault. */
function nameFault({ path, oldMode, newMode, previousPath }: ChangedEntry): readonly DiffFinding[] {
  if (newMode === null || (oldMode !== null && previousPath === null)) return [];
  const reason = refusedPath(path);
  if (reason !== null) return [fault('unsafe-name', path, `The name is refused: ${reason}.`)];
  if (/[\u0000-\u001f\u007f-\u009f]/.test(path) || findHidden(path) !== null)
    return [fault('unsafe-name', path, 'The name holds characters that are not seen.')];
  return [];
}

function isNewDotDirectory({ path, newMode }: ChangedEntry, { isExcluded, topDirectories }: PathContext): boolean {
  const [top = '', ...rest] = path.split('/');
  if (newMode === null || rest.length === 0 || !foldPath(top).startsWith('.')) return false;
  return !topDirectories.has(top) && !isExcluded(path);
}

const GITLINK = '160000';

function modeFault(entry: ChangedEntry): readonly DiffFinding[] {
  const { path, oldMode, newMode } = entry;
  if (newMode === GITLINK || oldMode === GITLINK)
    return [fault('gitlink', path, 'It is a link to another repository (a submodule), which nobody reviews here.')];
  const becameExecutable = isPlainFile(oldMode) && newMode?.startsWith('100') === true && !isPlainFile(newMode);
  if (becameExecutable && !isForPrograms(path))
    return [fault('executable', path, 'A file that could not be run can be run now (mode 644 became 755).')];
  return [];
}

const isPlainFile = (mode: string | null): boolean => mode?.startsWith('1006') === true;

/** Where programs are expected. */
const isForPrograms = (path: string): boolean => /(?:^|\/)(?:bin|scripts)\//.test(foldPath(path));
