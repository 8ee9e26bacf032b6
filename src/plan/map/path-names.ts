// Names of a request in the paths of files.
import { plain } from './name-fit.ts';
import type { RequestName } from './request-names.ts';

export interface PathNames {
  readonly whole: readonly number[];
  readonly part: readonly number[];
  readonly folder: readonly number[];
}

/** Names that a file is called by, that are part of what it is called, and that its folders are called by. */
export function createPathMatcher(names: readonly RequestName[]): (path: string) => PathNames {
  const wanted = names.map(({ needles, isOnlyDefined }) => ({ needles: needles.map(plain), isOnlyDefined }));
  return (path) => {
    const slash = path.lastIndexOf('/') + 1;
    const file = plain(path.slice(slash).replace(/\.\w+$/, ''));
    const folders = plain(path.slice(0, slash));
    const [whole, part, folder]: [number[], number[], number[]] = [[], [], []];
    for (const [name, { needles, isOnlyDefined }] of wanted.entries()) {
      const long = isOnlyDefined ? [] : needles.filter((needle) => needle.length >= 3);
      if (needles.includes(file)) whole.push(name);
      else if (long.some((needle) => file.includes(needle))) part.push(name);
      else if (long.some((needle) => folders.includes(needle))) folder.push(name);
    }
    return { whole, part, folder };
  };
}
