// What the job that runs agents hands to the job that publishes, beside the bundle of commits: who it was for, where the
// commits belong, and that job's own account of its run. The publishing job believes none of it that it can look up.
// zod/mini: see trigger/event-payloads.ts.
import * as z from 'zod/mini';
import { objectId, usageShape } from '../state/record-parts.ts';
import { reportShape } from './manifest-report.ts';

/** Raised when the meaning of a field changes; another version is refused. */
const manifestVersion = 1;

/** Names in the directory that is handed over; nothing else in it is looked at. */
export const manifestFile = 'manifest.json';
export const bundleFile = 'result.bundle';

const branchName = z.string().check(z.minLength(1), z.maxLength(250));
const held = z.strictObject({ branch: branchName, commit: objectId });

const manifestShape = () =>
  z.strictObject({
    version: z.literal(manifestVersion),
    /** `owner/name` */
    repository: z.string(),
    /** What the run was about: `issue-42`, `pull-7`, `feature-...` (branch-names.ts). */
    subject: z.string(),
    /** `<id of the workflow run>-<attempt>` */
    runId: z.string(),
    base: z.strictObject({
      commit: objectId,
      /** Branch that the pull request goes against. */
      branch: branchName,
      /** Number of the pull request that is gone on with. */
      continues: z.nullable(z.int()),
    }),
    /** What the pull request is made of; null where nothing is to be opened. `expected`: what its branch pointed at. */
    result: z.nullable(z.strictObject({ branch: branchName, commit: objectId, expected: z.nullable(objectId) })),
    /** Agents' branches. */
    branches: z.array(held).check(z.maxLength(200)),
    /** sha256 (hex) of the bundle's bytes; null where no commit was made. */
    bundleSha256: z.nullable(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
    /** Why it is not the whole of what was asked, in one line; empty when it is. */
    partial: z.string(),
    /** With calls that were under way at their worst: counted against the limits by day. */
    spent: usageShape(),
    report: reportShape(),
  });

export type Manifest = z.infer<ReturnType<typeof manifestShape>>;

/** The manifest of a file's text, or why it is none. */
export function parseManifest(text: string): Manifest | { readonly problem: string } {
  const value = jsonOf(text);
  const parsed = manifestShape().safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { problem: `the manifest is not readable: ${issue?.path.join('.') || 'it'} ${issue?.message ?? 'is wrong'}` };
}

/** @param clean takes secrets out of a text; applied to each text by itself, so that no quoting hides one. */
export const formatManifest = (manifest: Omit<Manifest, 'version'>, clean: (text: string) => string): string =>
  `${JSON.stringify({ version: manifestVersion, ...manifest }, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value), 1)}\n`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
