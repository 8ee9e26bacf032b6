// What changes in a package.json, in names: scripts, above all those that run by themselves, and dependencies.
import type { DiffFinding } from '../types.ts';

/** Run by npm and its like at an install, without being asked for (npm docs, "Life cycle scripts"). */
const atInstall: ReadonlySet<string> = new Set([
  ...['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare', 'dependencies'],
]);

const maxNames = 8;

/** @param before empty for a new file */
export function packageJsonFlags(path: string, before: string, after: string): readonly DiffFinding[] {
  const [old, now] = [parse(before), parse(after)];
  const scripts = changedKeys(old['scripts'], now['scripts']);
  const packages = dependencyFields.flatMap((field) => changedKeys(old[field], now[field]));
  const known = new Set(['scripts', ...dependencyFields]);
  const others = changedKeys(old, now).filter((key) => !known.has(key));
  const rest = [
    ...(packages.length === 0 ? [] : [`dependencies: ${namesOf(packages)}`]),
    ...(others.length === 0 ? [] : [`settings: ${namesOf(others)}`]),
  ];
  return [
    ...(scripts.length === 0 ? [] : [scriptFlag(path, scripts)]),
    ...(rest.length === 0 ? [] : [flag('manifest', path, `It changes ${rest.join('; ')}.`)]),
  ];
}

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

const flag = (rule: DiffFinding['rule'], path: string, words: string): DiffFinding => ({
  rule,
  path,
  line: null,
  words,
});

function scriptFlag(path: string, scripts: readonly string[]): DiffFinding {
  const silent = scripts.filter((name) => atInstall.has(name));
  const others = scripts.filter((name) => !atInstall.has(name));
  const words = [
    ...(silent.length === 0 ? [] : [`scripts that run by themselves at an install: ${namesOf(silent)}`]),
    ...(others.length === 0 ? [] : [`scripts: ${namesOf(others)}`]),
  ];
  return flag('package-script', path, `It changes ${words.join('; ')}.`);
}

const namesOf = (names: readonly string[]): string => {
  const shown = names.slice(0, maxNames).map((name) => `"${name.slice(0, 60)}"`);
  return [...shown, ...(names.length > maxNames ? [`${names.length - maxNames} more`] : [])].join(', ');
};

/** Keys that one of two objects has, or both with another value. */
function changedKeys(before: unknown, after: unknown): readonly string[] {
  const [old, now] = [asObject(before), asObject(after)];
  const keys = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  return keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]));
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    // What is none is a block of its own; an empty text is a file that is not there.
    return {};
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
