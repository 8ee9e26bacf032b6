// A change that does not fit, of a file that somebody else changed after the model saw it: the model must hear so.
import type { Place } from './locate.ts';
import { Refusal } from './refusal.ts';
import type { ShownFiles } from './shown-files.ts';

/** What `change` gives. A Refusal of it gains a line when the file's text is not what was last shown. */
export function hintIfStale<T>(place: Place, text: string, shown: ShownFiles, change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof Refusal) || !shown.hasChanged(place.path, text)) throw error;
    throw new Refusal(
      `${error.message}\n${place.name} has changed since you were last shown it (by a command?): read it again.`,
    );
  }
}
