// Who may write which path of a tree.
import picomatch from 'picomatch';
import { isGitLookAlike } from '../look-alikes.ts';
import { Refusal } from './refusal.ts';
import type { ToolContext } from './tool.ts';

/** Throws a Refusal, naming the owner, when a path (relative to the tree, with `/`) is not this task's to change. */
export function refuseForeign(path: string, context: Pick<ToolContext, 'owns' | 'foreign'>): void {
  if (path.split('/').some(isGitLookAlike)) throw new Refusal(`${path} is git's own; it cannot be changed here.`);
  const taken = context.foreign.find(
    ({ glob, except = [] }) => matches(glob, path) && !except.some((one) => matches(one, path)),
  );
  if (taken !== undefined) {
    throw new Refusal(
      `${path} belongs to ${taken.owner} (${taken.glob}). Leave it; say in \`finish\` what you need there.`,
    );
  }
  if (context.owns.length > 0 && !context.owns.some((glob) => matches(glob, path))) {
    throw new Refusal(
      `${path} is outside the paths of this task (${context.owns.join(', ')}). Leave it; say in \`finish\` what you need there.`,
    );
  }
}

const matches = (glob: string, path: string): boolean => picomatch.isMatch(path, glob, { dot: true });
