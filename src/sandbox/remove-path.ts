// Removes what an agent left at a path, whatever it is.
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, rmSync } from 'node:fs';

/** Never follows a link. Directories that are read-only, or deeper than a path can name, are left to `rm`. */
export function removePath(absolute: string): void {
  try {
    rmSync(absolute, { recursive: true, force: true });
  } catch {
    const isDirectory = lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isDirectory) execFileSync('chmod', ['-R', 'u+rwX', '--', absolute], { stdio: 'ignore' });
    execFileSync('rm', ['-rf', '--', absolute], { stdio: 'ignore' });
  }
}

/** Removes from a directory what no text can name. */
export function removeUnnameable(directory: string): void {
  const isText = (name: Buffer): boolean => Buffer.from(name.toString()).equals(name);
  for (const name of readdirSync(directory, { encoding: 'buffer' })) {
    if (!isText(name)) rmSync(Buffer.concat([Buffer.from(`${directory}/`), name]), { recursive: true, force: true });
  }
}
