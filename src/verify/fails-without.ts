// Which failing commands fail in the same way without an agent's work: on the commit that it started from, in a tree of its own.
import type { Remember, Trees } from '../ports.ts';
import type { Check } from '../types.ts';
import { failsAlike } from './fails-alike.ts';
import { toCheck, type RunChecksDeps } from './run-checks.ts';

/** Of these checks, which fail with the work, the commands that fail in the same way on the commit. */
export type FailsWithout = (commit: string, failing: readonly Check[]) => Promise<readonly string[]>;

export interface FailsWithoutDeps extends Pick<RunChecksDeps, 'saveLog' | 'timeoutMs'> {
  readonly trees: Pick<Trees, 'open'>;
  readonly signal?: AbortSignal;
  /** What was run before the run was killed is not run again. */
  readonly remember?: Remember;
}

/** Commands that take longer are not run again: it would cost more than what it tells is worth. */
const mostMs = 60_000;

/** Each command is run once for a commit. */
export function createFailsWithout(deps: FailsWithoutDeps): FailsWithout {
  const known = new Map<string, Promise<Check>>();
  const without = (commit: string, command: string): Promise<Check> => {
    const key = `${commit} ${command}`;
    const run = () => inOwnTree(commit, command, deps);
    const check = known.get(key) ?? deps.remember?.(`without ${key}`, run) ?? run();
    known.set(key, check);
    return check;
  };
  return async (commit, failing) => {
    const found: string[] = [];
    for (const check of failing) {
      if (check.exitCode === null || check.durationMs > mostMs) continue;
      if (failsAlike(await without(commit, check.command), check)) found.push(check.command);
    }
    return found;
  };
}

async function inOwnTree(commit: string, command: string, deps: FailsWithoutDeps): Promise<Check> {
  const tree = await deps.trees.open('without-the-work', commit);
  try {
    const result = await tree.run({ command, timeoutMs: deps.timeoutMs }, deps.signal);
    const name = `${command} (without the work)`;
    return toCheck({ name, command }, result, await deps.saveLog(name, result.output));
  } finally {
    await tree.close();
  }
}
