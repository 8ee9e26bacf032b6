// A project's page of the Python index, without the files that are too young, and with files from here.
// Format: https://packaging.python.org/en/latest/specifications/simple-repository-api/ (`upload-time` since version 1.1)
import * as z from 'zod/mini';
import type { IsOldEnough } from './published-before.ts';

const fileSchema = z.looseObject({
  filename: z.string(),
  url: z.string(),
  hashes: z._default(z.record(z.string(), z.string()), {}),
  'requires-python': z.optional(z.nullable(z.string())),
  yanked: z.optional(z.union([z.boolean(), z.string()])),
  'upload-time': z.optional(z.nullable(z.string())),
});
type PypiFile = z.infer<typeof fileSchema>;

const projectSchema = z.looseObject({
  name: z.string(),
  files: z.array(fileSchema),
  versions: z.optional(z.array(z.string())),
});
export type PypiProject = z.infer<typeof projectSchema>;

export const pypiJson = 'application/vnd.pypi.simple.v1+json';

/** @throws when it is no project's page in JSON */
export const parsePypiProject = (body: Buffer): PypiProject => projectSchema.parse(JSON.parse(body.toString()));

/** Where the mirror serves files. Relative to the host: a page may have such links, and the mirror need not know its port. */
const filesPath = '/pypi/files';

/** Files whose version this is, by the rules of their names: `name-version-...whl`, `name-version.tar.gz`. */
function hasFileOf(version: string, files: readonly PypiFile[]): boolean {
  const spelt = version.toLowerCase();
  return files.some(({ filename }) => {
    const [, found = ''] = /^.*?-(\d[^-]*?)(?:-.*\.whl|\.tar\.gz|\.tar\.bz2|\.zip|-.*\.egg)$/.exec(filename) ?? [];
    return found.toLowerCase().replaceAll('_', '-') === spelt.replaceAll('_', '-');
  });
}

/**
 * The project with the files that are old enough and lie at `filesOrigin`; null when none is left. Of `versions`, those stay
 * that still have a file whose name shows them.
 */
export function rewritePypiProject(
  found: PypiProject,
  filesOrigin: string,
  isOldEnough: IsOldEnough,
): PypiProject | null {
  const files = found.files.flatMap((file) => {
    const url = new URL(file.url, filesOrigin);
    const isShown = url.origin === filesOrigin && isOldEnough(file['upload-time'] ?? undefined);
    return isShown ? [{ ...file, url: `${filesPath}${url.pathname}` }] : [];
  });
  if (files.length === 0) return null;
  if (found.versions === undefined) return { ...found, files };
  return { ...found, files, versions: found.versions.filter((version) => hasFileOf(version, files)) };
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? '');

function link(file: PypiFile): string {
  const [hash] = Object.entries(file.hashes);
  const href = hash === undefined ? file.url : `${file.url}#${hash[0]}=${hash[1]}`;
  const python = file['requires-python'];
  const attributes = [
    `href="${escapeHtml(href)}"`,
    ...(python == null ? [] : [`data-requires-python="${escapeHtml(python)}"`]),
    ...(file.yanked === undefined || file.yanked === false ? [] : [`data-yanked="${escapeHtml(String(file.yanked))}"`]),
  ];
  return `<a ${attributes.join(' ')}>${escapeHtml(file.filename)}</a><br>`;
}

/** The page for clients from before JSON (pip up to 22.1). */
export const pypiHtml = ({ files }: PypiProject): string => `<!DOCTYPE html>\n${files.map(link).join('\n')}\n`;
