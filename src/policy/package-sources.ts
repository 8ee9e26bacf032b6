// Where the packages of a manifest or lockfile come from: addresses that the change brings in and that are on no list.
import type { DiffFinding } from '../types.ts';
import { findAddresses, findShorthand, isAllowedAddress, unescapeText, type Address } from './find-addresses.ts';
import { packageFileKind } from './package-files.ts';

/** At most so many of one file are told. */
const maxTold = 5;

/**
 * Blocks for addresses that `after` has and `before` has not. A file that its own package manager could not read blocks
 * too: nobody can tell what is in it.
 */
export function packageSourceFindings(
  path: string,
  texts: { readonly before: string; readonly after: string },
  allowedHosts: readonly string[],
): readonly DiffFinding[] {
  const found = addressesOf(path, texts.after);
  if (found === null) return [finding(path, null, 'It is no sound JSON, so nobody can tell where packages come from.')];
  const known = new Set((addressesOf(path, texts.before) ?? []).map(keyOf));
  const foreign = found.filter((one) => !known.has(keyOf(one)) && !isAllowedAddress(one, allowedHosts));
  const each = [...new Map(foreign.map((one) => [keyOf(one), one])).values()];
  return each.slice(0, maxTold).map((one) => finding(path, lineOf(one, texts.after), wordsOf(one)));
}

const finding = (path: string, line: number | null, words: string): DiffFinding => ({
  rule: 'package-source',
  path,
  line,
  words,
});

const wordsOf = ({ host }: Address): string =>
  `A package comes from ${host}, which is none of the registries that packages may come from.`;

const keyOf = ({ host, path }: Address): string => host + path;

function lineOf({ raw, host }: Address, text: string): number | null {
  const lines = text.split('\n');
  const at = [raw, host].map((one) => lines.findIndex((line) => line.includes(one))).find((index) => index >= 0);
  return at === undefined ? null : at + 1;
}

/** Null for JSON that is none. */
function addressesOf(path: string, text: string): readonly Address[] | null {
  switch (packageFileKind(path)) {
    case 'package-json':
      return addressesOfJson(text, (keys) => keys.some((key) => dependencyKeys.has(key)));
    case 'json':
      return addressesOfJson(text, (keys) => !isProse(keys));
    case 'lines':
      return findAddresses(unescapeText(withoutProse(text)));
    default:
      return [];
  }
}

/** Of package.json, at any depth: `pnpm.overrides` and `workspaces` of some tools lie deeper. */
const dependencyKeys: ReadonlySet<string> = new Set([
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
]);

/** What npm copies into its lockfile for people: messages, licences, and where to send money. */
const isProse = (keys: readonly string[]): boolean => {
  const last = keys.at(-1) ?? '';
  return ['deprecated', 'license', 'funding'].includes(last) || (last === 'url' && keys.includes('funding'));
};

/** What a dependency asks for, as `"name": "spec"`. */
const isSpec = (keys: readonly string[]): boolean => dependencyKeys.has(keys.at(-2) ?? '');

function addressesOfJson(text: string, counts: (keys: readonly string[]) => boolean): readonly Address[] | null {
  if (text.trim() === '') return [];
  try {
    const strings = stringsOf(JSON.parse(text.replace(/^\ufeff/, '')), []);
    return strings
      .filter(({ keys }) => counts(keys))
      .flatMap(({ keys, value }) => [...findAddresses(value), ...(isSpec(keys) ? findShorthand(value) : [])]);
  } catch {
    return null;
  }
}

interface Text {
  readonly keys: readonly string[];
  readonly value: string;
}

function stringsOf(value: unknown, keys: readonly string[]): readonly Text[] {
  if (typeof value === 'string') return [{ keys, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsOf(inner, [...keys, key]));
}

/**
 * Leaves out whole lines that hold words for people and cannot hold anything else: messages of pnpm and summaries of
 * poetry and pdm, comments of pip. A line that could be more than its key and one plain text stays in.
 */
const withoutProse = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !isMessage(line) && !/^(?:description|summary) = "[^"\\]*"\s*$/.test(line))
    .map((line) => line.replace(/(?:^|\s)#.*$/, ''))
    .join('\n');

/** YAML could hang more on such a line (an anchor, a flow mapping), so only what is plain is taken for a message. */
const isMessage = (line: string): boolean =>
  /^ {4}deprecated: (?![&*!|>])/.test(line) &&
  !/[\\{}[\]]/.test(line) &&
  !/\b(?:tarball|repo|resolution|url|path|integrity)["']?\s*:/.test(line);
