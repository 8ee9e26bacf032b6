// What the Go proxy tells of a module's versions. Its times are those of commits, which their author may set.
// Protocol: https://go.dev/ref/mod#goproxy-protocol
import * as z from 'zod/mini';
import type { IsOldEnough } from './published-before.ts';

const infoSchema = z.looseObject({ Version: z.string(), Time: z.optional(z.string()) });

/** Whether an `.info` or `@latest` speaks of a version that is old enough. @throws when it is neither */
export const isOldInfo = (body: Buffer, isOldEnough: IsOldEnough): boolean =>
  isOldEnough(infoSchema.parse(JSON.parse(body.toString())).Time);

/** Numbers of a version, then whether it is a release: the order in which `go` prefers them, best last. */
function sortKey(version: string): readonly number[] {
  const [, major, minor, patch, rest = ''] = /^v(\d+)\.(\d+)\.(\d+)(.*)$/.exec(version) ?? [];
  return [rest.startsWith('-') ? 0 : 1, Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)];
}

/** The versions of a list, best first. */
export function byPreference(list: string): readonly string[] {
  const versions = list.split('\n').filter((version) => /^v\d+\.\d+\.\d+\S*$/.test(version));
  const compare = (a: string, b: string): number => {
    const [left, right] = [sortKey(a), sortKey(b)];
    return left.map((number, i) => (right[i] ?? 0) - number).find((difference) => difference !== 0) ?? 0;
  };
  return versions.sort(compare);
}

/** Capitals in a version, as in a path, are written `!x`. */
export const escapeVersion = (version: string): string => version.replace(/[A-Z]/g, (sign) => `!${sign.toLowerCase()}`);
