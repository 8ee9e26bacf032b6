// What a patch makes of the files of a tree, before any of them is touched.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { hintIfStale } from '../hint-if-stale.ts';
import { locateForWriting, type Place } from '../locate.ts';
import { readBytes } from '../read-bytes.ts';
import { readText } from '../read-text.ts';
import { Refusal } from '../refusal.ts';
import type { ToolContext } from '../tool.ts';
import { applyHunks } from './apply-hunks.ts';
import type { FileChange } from './change-files.ts';
import type { FilePatch } from './parse-patch.ts';

export interface PlannedChange extends FileChange {
  /** Null when the file is not there yet. */
  readonly before: string | null;
  /** Whether its new lines stand there as the patch has them. */
  readonly asSent: boolean;
}

/** By path on disk, in the order of the patch; a file that several sections name is one change. */
type Planned = Map<string, PlannedChange>;

/** Throws a Refusal for the first section that cannot be applied. Sections see what those before them did. */
export function planChanges(files: readonly FilePatch[], context: ToolContext): readonly PlannedChange[] {
  const planned: Planned = new Map();
  for (const file of files) {
    const place = locateForWriting(file.path, context);
    if (file.kind === 'add') create(place, file.content, null, planned);
    else if (file.kind === 'delete') remove(place, planned);
    else update(place, file, planned, context);
  }
  return [...planned.values()].filter(({ before, text }) => before !== text);
}

function update(
  place: Place,
  { hunks, moveTo }: Extract<FilePatch, { kind: 'update' }>,
  planned: Planned,
  context: ToolContext,
): void {
  const known = planned.get(place.path);
  if (known?.text === null) throw deletedBefore(place);
  const before = known?.text ?? readText(place);
  const { text, asSent } = hintIfStale(place, before, context.shown, () => applyHunks(before, hunks, place.name));
  if (moveTo === null) {
    const change = known ?? { place, mode: null, before, asSent: true };
    planned.set(place.path, { ...change, text, asSent: change.asSent && asSent });
    return;
  }
  const mode = lstatSync(place.path, { throwIfNoEntry: false })?.mode;
  remove(place, planned);
  create(locateForWriting(moveTo, context), text, mode === undefined ? null : mode & 0o777, planned);
}

function create(place: Place, text: string, mode: number | null, planned: Planned): void {
  const known = planned.get(place.path);
  const isThere = known === undefined ? exists(place) : known.text !== null;
  if (isThere)
    throw new Refusal(`${place.name} exists already. Use \`*** Update File:\`, or \`write\` to overwrite it.`);
  planned.set(place.path, { place, text, mode, before: known?.before ?? null, asSent: true });
}

function remove(place: Place, planned: Planned): void {
  if (place.path !== join(place.base, place.name)) {
    throw new Refusal(`${place.name} is, or lies behind, a link: remove it with \`bash\`.`);
  }
  const known = planned.get(place.path);
  if (known?.text === null) throw deletedBefore(place);
  // A file that no patch could change may still go.
  const before = known === undefined ? (exists(place) ? readBytes(place).toString() : readText(place)) : known.before;
  planned.set(place.path, { place, text: null, mode: null, before, asSent: true });
}

const exists = (place: Place): boolean => lstatSync(place.path, { throwIfNoEntry: false }) !== undefined;

const deletedBefore = (place: Place): Refusal => new Refusal(`${place.name}: the patch has deleted it before.`);
