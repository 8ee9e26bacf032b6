// Paths that a task gets besides its own, when the manager says that it needs them.
import picomatch from 'picomatch';
import { globFault } from './plan/glob-fault.ts';
import { globsOverlap } from './plan/globs-overlap.ts';
import type { Plan } from './types.ts';

/**
 * Remembers what was given: a path has one owner through the whole run. What belongs to the contract or is protected
 * stays closed to every owner, by the tools and by git's facts, so that a glob may cover it here.
 * @returns of the globs asked for, those that touch no other task's
 */
export function createPathGrants(plan: Plan): (taskId: string, globs: readonly string[]) => readonly string[] {
  const owners = new Map(plan.tasks.map(({ id, owns }) => [id, [...owns]]));
  return (taskId, globs) => {
    const others = [...owners].flatMap(([id, owned]) => (id === taskId ? [] : owned));
    const granted = globs.filter((glob) => isGlob(glob) && !others.some((other) => globsOverlap(glob, other)));
    owners.get(taskId)?.push(...granted);
    return granted;
  };
}

/** A model wrote it: what the matcher cannot read would match nothing, throw later, or keep it busy for ever. */
function isGlob(glob: string): boolean {
  if (globFault(glob) !== null) return false;
  try {
    picomatch(glob);
    return glob.trim() !== '';
  } catch {
    return false;
  }
}
