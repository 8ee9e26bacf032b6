// How folders of git objects are shown inside: under names of ours, and without `info`, whose list of alternates names paths of
// the machine (gitrepository-layout(5)). The agent's own repository lists them all by itself.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the empty folder among the settings. */
export const emptyName = 'empty';

const pathOf = (_folder: string, i: number): string => `/ai/objects/${String(i)}`;

export const objectPaths = (folders: readonly string[]): readonly string[] => folders.map(pathOf);

export function objectBinds(folders: readonly string[], settings: string): readonly { from: string; at: string }[] {
  return folders.flatMap((from, i) => {
    const at = pathOf(from, i);
    const info = existsSync(join(from, 'info')) ? [{ from: join(settings, emptyName), at: `${at}/info` }] : [];
    return [{ from, at }, ...info];
  });
}
