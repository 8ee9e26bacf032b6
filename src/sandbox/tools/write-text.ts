// Writes a file of a tree at a place that `locateForWriting` has cleared.
import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Place } from './locate.ts';
import { Refusal } from './refusal.ts';

/** Creates parents as needed; keeps the mode of a file that exists. Refuses anything but a regular file. */
export function writeText(place: Place, text: string): void {
  const existing = lstatSync(place.path, { throwIfNoEntry: false });
  if (existing?.isDirectory() === true) throw new Refusal(`${place.name} is a directory.`);
  if (existing !== undefined && !existing.isFile()) throw new Refusal(`${place.name} is not a regular file.`);
  mkdirSync(dirname(place.path), { recursive: true });
  const fd = openSync(
    place.path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    0o644,
  );
  try {
    if (!fstatSync(fd).isFile()) throw new Refusal(`${place.name} is not a regular file.`);
    ftruncateSync(fd);
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

/** Lines as people count them: a final newline ends the last one. */
export function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
