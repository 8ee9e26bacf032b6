// The folder of stand-ins, made once a run and put last on the PATH of tools, so that what is installed wins.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shimmedNames, shimOf } from '../sandbox/package-manager-shims.ts';

/** @returns the folder, for the end of PATH */
export async function makeShimFolder(directory: string): Promise<string> {
  const folder = join(directory, 'shims');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await Promise.all(shimmedNames.map((name) => writeFile(join(folder, name), shimOf(name), { mode: 0o755 })));
  return folder;
}
