// Where a tree lies on disk, and how it goes.
import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface TreePlace {
  /** Holds all the others. */
  readonly directory: string;
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
  readonly logs: string;
}

/** Same depth for every tree, so that a relative path that a tool wrote down in one holds in all. Mode 0700. */
export async function makeTreePlace(parent: string, number: number): Promise<TreePlace> {
  const directory = join(parent, String(number).padStart(3, '0'));
  const make = async (name: string): Promise<string> => {
    await mkdir(join(directory, name), { recursive: true, mode: 0o700 });
    return realpath(join(directory, name));
  };
  const [root, home, temporary, logs] = await Promise.all([make('tree'), make('home'), make('tmp'), make('logs')]);
  return { directory, root, home, temporary, logs };
}

/**
 * Removes what an agent filled, once its processes are gone. By `rm`, which holds directories open while it descends, so
 * that no path is resolved through a link that was swapped in. Package caches are often read-only: made writable first.
 */
export async function removeTreePlace(directory: string): Promise<void> {
  const run = promisify(execFile);
  const remove = (): Promise<unknown> => run('rm', ['-rf', '--', directory]);
  await remove().catch(async () => {
    await run('chmod', ['-R', 'u+rwX', '--', directory]);
    await remove();
  });
}
