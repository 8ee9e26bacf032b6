// From a path as the model gives it to a place on disk: inside the tree (or the logs), links resolved, or refused.
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { refuseForeign } from './ownership.ts';
import { Refusal } from './refusal.ts';
import { suggestPaths } from './suggest-paths.ts';
import type { ToolContext } from './tool.ts';

/** How the model sees the directory of command logs. It is virtual: nothing of it lies in the tree. */
export const logsName = '.ai/logs';

export interface Place {
  /** Relative to the tree, with `/`; `.` for the tree itself. What results show. */
  readonly name: string;
  /** Real path on disk: no link in it. */
  readonly path: string;
  /** Real path of what it lies in: the tree, or the log directory. */
  readonly base: string;
}

interface Wanted {
  readonly name: string;
  readonly path: string;
  readonly base: string;
}

/** Finds what exists. Throws a Refusal for a path outside, a link that leads outside, or nothing there. */
export function locate(given: string, context: ToolContext): Place {
  const wanted = want(given, context);
  const kind = lstatSync(wanted.path, { throwIfNoEntry: false });
  if (kind === undefined) {
    const near = isLog(wanted.name) ? '' : suggestPaths(wanted.name, wanted.base);
    throw new Refusal(`${wanted.name} does not exist.${near}`);
  }
  return { ...wanted, path: realInside(wanted, wanted.path) };
}

/** A place to write a file at, which may not exist yet. Throws a Refusal for what may not be written. */
export function locateForWriting(given: string, context: ToolContext): Place {
  const wanted = want(given, context);
  if (isLog(wanted.name)) throw new Refusal('Logs are read-only.');
  if (wanted.name === '.') throw new Refusal('`path` must name a file.');
  refuseForeign(wanted.name, context);
  const missing: string[] = [];
  let existing = wanted.path;
  while (existing !== wanted.base && lstatSync(existing, { throwIfNoEntry: false }) === undefined) {
    missing.unshift(basename(existing));
    existing = dirname(existing);
  }
  const path = join(realInside(wanted, existing), ...missing);
  refuseForeign(shown(wanted.base, path), context);
  return { ...wanted, path };
}

function want(given: string, context: ToolContext): Wanted {
  if (given.includes('\0')) throw new Refusal('A path cannot hold a NUL character.');
  const root = realpathSync(context.root);
  const absolute = isAbsolute(given) && isInside(context.root, given) ? relative(context.root, given) : given;
  const path = resolve(root, absolute);
  if (!isInside(root, path)) {
    throw new Refusal(`${given} lies outside the project. Give a path relative to the project's directory.`);
  }
  const name = shown(root, path);
  if (!isLog(name)) return { name, path, base: root };
  const base = existsSync(context.logDirectory) ? realpathSync(context.logDirectory) : context.logDirectory;
  return { name, path: join(base, name.slice(logsName.length)), base };
}

function realInside(wanted: Wanted, path: string): string {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    if (!lstatSync(path).isSymbolicLink()) throw error;
    throw new Refusal(`${wanted.name} is a link that leads nowhere.`);
  }
  if (isInside(wanted.base, real)) return real;
  throw new Refusal(
    `${wanted.name} is, or lies behind, a link that leads out of the project; such links are not followed.`,
  );
}

const isLog = (name: string): boolean => name === logsName || name.startsWith(`${logsName}/`);

const isInside = (base: string, path: string): boolean =>
  path === base || path.startsWith(base.endsWith(sep) ? base : `${base}${sep}`);

const shown = (root: string, path: string): string => relative(root, path).split(sep).join('/') || '.';
