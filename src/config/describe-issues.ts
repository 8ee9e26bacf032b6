// What is wrong with a configuration, in words: where, what was found, what is allowed.
import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod/mini';
import '../schema-messages.ts';
import { type ConfigPath, describeAllowed, keysAt, namedPaths, schemaAt } from './json-schema.ts';

type Issue = z.core.$ZodIssue;

/**
 * One line for each problem the schema has with `value`; an unknown key is a problem of its own.
 * @param where names a place for people: file and line, or an input.
 * @param at where `value` stands in the configuration; the root when left out.
 */
export function describeIssues(
  issues: readonly Issue[],
  value: unknown,
  where: (path: ConfigPath) => string,
  at: ConfigPath = [],
): readonly string[] {
  return issues.flatMap((issue) => {
    const own = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    const path = [...at, ...own];
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, where));
    if (issue.code === 'invalid_key') return `${where(path)}: "${String(own.at(-1))}" is not ${allowedKey(path)}`;
    const found = valueAt(value, own);
    return `${where(path)}: ${found === undefined ? 'missing' : `found ${show(found)}`}; allowed: ${allowed(issue, path)}`;
  });
}

function unknownKey(key: string, path: ConfigPath, where: (path: ConfigPath) => string): string {
  return `${where([...path, key])}: unknown key${suggestion(key, path)}`;
}

/** The same name elsewhere, else the nearest name here, else all names here. */
function suggestion(key: string, path: ConfigPath): string {
  const known = keysAt(path).filter((name) => name !== '$schema');
  const meant = namedPaths().find((named) => named.split('.').at(-1) === key) ?? nearestName(key, known);
  if (meant !== undefined) return `; did you mean "${meant}"?`;
  return known.length === 0 ? '' : `; known here: ${known.join(', ')}`;
}

/** The name that `key` may have been meant to be: one begins with the other, or a few letters differ. */
function nearestName(key: string, names: readonly string[]): string | undefined {
  const begun = names.find((name) => name.startsWith(key) || key.startsWith(name));
  if (begun !== undefined || names.length === 0) return begun;
  const nearest = closest(key.toLowerCase(), [...names]);
  return distance(key.toLowerCase(), nearest) <= Math.max(2, key.length / 3) ? nearest : undefined;
}

function allowed(issue: Issue, path: ConfigPath): string {
  const node = schemaAt(path);
  return node === undefined ? issue.message : describeAllowed(node);
}

function allowedKey(path: ConfigPath): string {
  const names = schemaAt(path.slice(0, -1))?.propertyNames;
  return typeof names === 'object' ? describeAllowed(names) : 'a name allowed here';
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
