// Where a tree lies on disk, and how it goes.
import { execFile } from 'node:child_process';
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface TreePlace {
  /** Holds all the others. */
  readonly directory: string;
  /** The files of a tree that is a folder. */
  readonly root: string;
  /** Of one that is an overlay: what takes its changes, and what the kernel needs beside that. */
  readonly upper: string;
  readonly work: string;
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
  const [root, upper, work, home, temporary, logs] = await Promise.all(
    (['tree', 'upper', 'work', 'home', 'tmp', 'logs'] as const).map(make),
  );
  return {
    directory,
    root: root ?? '',
    upper: upper ?? '',
    work: work ?? '',
    home: home ?? '',
    temporary: temporary ?? '',
    logs: logs ?? '',
  };
}

/**
 * Removes what an agent filled, once its processes are gone. By `rm`, which holds directories open while it descends, so
 * that no path is resolved through a link that was swapped in. Package caches are often read-only: made writable first.
 */
export async function removeFilled(paths: readonly string[]): Promise<void> {
  const run = promisify(execFile);
  const remove = (): Promise<unknown> => run('rm', ['-rf', '--', ...paths]);
  await remove().catch(async () => {
    // It fails for those that are gone by now.
    await run('chmod', ['-R', 'u+rwX', '--', ...paths]).catch(() => undefined);
    await remove();
  });
}

/** The same for a whole place. @param kept what of it stays */
export async function removeTreePlace(directory: string, kept: string | null = null): Promise<void> {
  const inside = kept === null ? [] : (await readdir(directory)).map((name) => join(directory, name));
  await removeFilled(kept === null ? [directory] : inside.filter((path) => path !== kept));
}
