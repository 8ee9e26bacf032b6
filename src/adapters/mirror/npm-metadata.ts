// A package's metadata as npm registries give it, without the versions that are too young, and with archives from here.
// Format: the document on package metadata of the registry (npm/registry, docs/responses/package-metadata.md).
import * as z from 'zod/mini';
import type { IsOldEnough } from './published-before.ts';

const distSchema = z.looseObject({ tarball: z.optional(z.string()) });
const versionSchema = z.looseObject({ dist: z.optional(distSchema) });
const packageSchema = z.looseObject({
  versions: z.optional(z.record(z.string(), versionSchema)),
  'dist-tags': z.optional(z.record(z.string(), z.string())),
  time: z.optional(z.record(z.string(), z.unknown())),
  /** Only in the abbreviated form, which has no `time`: when anything of the package last changed. */
  modified: z.optional(z.string()),
});
export type NpmPackage = z.infer<typeof packageSchema>;

/** What a client may be given: the abbreviated form is a tenth of the size. */
export const npmForms = { abbreviated: 'application/vnd.npm.install-v1+json', full: 'application/json' } as const;

/** @throws when it is no package's metadata */
export const parseNpmPackage = (body: Buffer): NpmPackage => packageSchema.parse(JSON.parse(body.toString()));

/** Whether the abbreviated form alone shows that every version is old enough: nothing changed since. */
export const isUnchangedSince = (found: NpmPackage, isOldEnough: IsOldEnough): boolean =>
  found.modified !== undefined && isOldEnough(found.modified);

/** Compares `1.10.0` with `1.9.0`; only for plain versions. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return [0, 1, 2].map((i) => (left?.[i] ?? 0) - (right?.[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** The highest release among them; null when all are previews. */
function highestRelease(versions: readonly string[]): string | null {
  const releases = versions.filter((version) => /^\d+\.\d+\.\d+$/.test(version));
  return releases.sort(compareVersions).at(-1) ?? null;
}

/** Tags of versions that stay; `latest` goes back to the highest release that does, since npm asks for it by default. */
function keptTags(found: NpmPackage, kept: readonly string[]): Record<string, string> {
  const shown = new Set(kept);
  const tags = Object.entries(found['dist-tags'] ?? {}).filter(([, version]) => shown.has(version));
  const latest = tags.some(([tag]) => tag === 'latest') ? null : (highestRelease(kept) ?? kept.at(-1) ?? null);
  return Object.fromEntries(latest === null ? tags : [...tags, ['latest', latest]]);
}

/**
 * The full form without versions younger than that, in `versions`, `time` and `dist-tags`. Null when none is left. A version
 * without a time counts as young.
 */
export function withoutYoungVersions(found: NpmPackage, isOldEnough: IsOldEnough): NpmPackage | null {
  const timeOf = (version: string): string | undefined => {
    const time = found.time?.[version];
    return typeof time === 'string' ? time : undefined;
  };
  const versions = Object.entries(found.versions ?? {});
  const kept = versions.filter(([version]) => isOldEnough(timeOf(version)));
  if (kept.length === 0) return null;
  const names = kept.map(([version]) => version);
  const shown = new Set([...names, 'created', 'modified']);
  return {
    ...found,
    versions: Object.fromEntries(kept),
    'dist-tags': keptTags(found, names),
    time: Object.fromEntries(Object.entries(found.time ?? {}).filter(([version]) => shown.has(version))),
  };
}

/**
 * The same with archives at `base` instead of at their registry. npm is the exception: it writes the address into its lock
 * file and replaces the public registry's host by itself (`replace-registry-host`), so that it is left as it is.
 */
export function withArchivesAt(found: NpmPackage, registry: string, base: string): NpmPackage {
  const versions = Object.entries(found.versions ?? {}).map(([version, entry]) => {
    const { dist } = entry;
    if (dist?.tarball === undefined) return [version, entry] as const;
    const { origin, pathname } = new URL(dist.tarball);
    const tarball = origin === registry ? `${base}${pathname}` : dist.tarball;
    return [version, { ...entry, dist: { ...dist, tarball } }] as const;
  });
  return { ...found, versions: Object.fromEntries(versions) };
}
