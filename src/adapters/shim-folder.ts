// The folder of stand-ins, made once a run and put last on the PATH of tools, so that what is installed wins.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shimmedNames, shimOf } from '../sandbox/package-manager-shims.ts';

/**
 * At once, as all that has to be there before the sandbox: that takes longest of what comes before the first request to the model.
 * @returns the folder, for the end of PATH
 */
export function makeShimFolder(directory: string): string {
  const folder = join(directory, 'shims');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const name of shimmedNames) writeFileSync(join(folder, name), shimOf(name), { mode: 0o755 });
  return folder;
}
