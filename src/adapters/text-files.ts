// Files that a run leaves for people: logs, report, state. Written by the broker, never inside an agent's tree.
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file, readable by its owner only, and makes its folders. */
export function writeTextFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}

/** Adds a line to a file, readable by its owner only, and makes its folders. */
export function appendTextLine(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
}

/**
 * Keeps whole outputs of commands, numbered in the order in which they end. @returns a function that gives each path;
 * null where the disk did not take it: a check does not fail for that
 */
export function createLogDirectory(
  directory: string,
  clean: (text: string) => string,
): (name: string, text: string) => Promise<string | null> {
  // A run that goes on keeps what it has written before it was killed.
  let count = existsSync(directory) ? readdirSync(directory).length : 0;
  return async (name, text) => {
    count += 1;
    const slug = name.replace(/[^\w-]+/g, '-').slice(0, 40);
    const path = join(directory, `${String(count).padStart(3, '0')}-${slug}.txt`);
    try {
      writeTextFile(path, clean(text));
      return path;
    } catch {
      rmSync(path, { force: true });
      return null;
    }
  };
}

/** A folder that git leaves alone by itself, so that a user's repository shows no new files. */
export function makeIgnoredFolder(path: string): void {
  writeTextFile(join(path, '.gitignore'), '*\n');
}
