// What the mirror says of packages: asked of the registry, cut to what is old enough, and pointed at itself.
import type { IncomingMessage } from 'node:http';
import { cratesConfig, withoutYoungCrates } from './crates-metadata.ts';
import { byPreference, escapeVersion, isOldInfo } from './go-metadata.ts';
import type { MirrorRoute } from './mirror-route.ts';
import {
  isUnchangedSince,
  npmForms,
  parseNpmPackage,
  withArchivesAt,
  withoutYoungVersions,
  type NpmPackage,
} from './npm-metadata.ts';
import type { IsOldEnough } from './published-before.ts';
import { parsePypiProject, pypiHtml, pypiJson, rewritePypiProject } from './pypi-metadata.ts';
import { readBody, UpstreamRefused, type UpstreamClient } from './upstream-client.ts';
import type { Upstreams } from './upstreams.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

export interface MetadataDeps {
  readonly client: Pick<UpstreamClient, 'ask'>;
  readonly upstreams: Upstreams;
  readonly isOldEnough: IsOldEnough;
}

/** What is read of a client's request, each one of a few fixed values. */
export interface Asker {
  /** `http://127.0.0.1:<port>`, as the client sees the mirror. */
  readonly base: string;
  readonly accept: string;
  readonly isNpm: boolean;
}

/** The largest metadata of the public registry has some 60 MB. */
const maxMetadataBytes = 128 * 1024 * 1024;
/** How many of a module's best versions are looked at for one that is old enough. */
const maxGoLooks = 20;

const json = 'application/json';
const text = (status: number, body: string): Answer => ({ status, type: 'text/plain; charset=utf-8', body });
const tooYoung = text(404, 'every version of it is younger than the mirror shows');
const passedOn = (status: number): Answer => text(status, 'the registry gave no answer to pass on');

interface Got {
  readonly status: number;
  readonly body: Buffer;
}

async function get({ client }: MetadataDeps, url: URL, accept: string): Promise<Got> {
  const reply: IncomingMessage = await client.ask({ url, method: 'GET', accept });
  const status = reply.statusCode ?? 502;
  if (status === 200) return { status, body: await readBody(reply, maxMetadataBytes) };
  reply.resume();
  return { status: status < 400 ? 502 : status, body: Buffer.alloc(0) };
}

/** The package without young versions: abbreviated where that suffices, since the full form has megabytes. */
async function npmPackage(deps: MetadataDeps, path: string, asker: Asker): Promise<NpmPackage | Answer> {
  const url = new URL(path, deps.upstreams.npm);
  if (asker.accept.includes(npmForms.abbreviated)) {
    const short = await get(deps, url, npmForms.abbreviated);
    if (short.status !== 200) return passedOn(short.status);
    const found = parseNpmPackage(short.body);
    if (isUnchangedSince(found, deps.isOldEnough)) return found;
  }
  const full = await get(deps, url, npmForms.full);
  if (full.status !== 200) return passedOn(full.status);
  return withoutYoungVersions(parseNpmPackage(full.body), deps.isOldEnough) ?? tooYoung;
}

const isAnswer = (value: NpmPackage | Answer): value is Answer => 'status' in value && 'body' in value;

async function answerNpm(
  deps: MetadataDeps,
  route: Extract<MirrorRoute, { kind: 'npm-package' | 'npm-version' }>,
  asker: Asker,
): Promise<Answer> {
  const found = await npmPackage(deps, route.path, asker);
  if (isAnswer(found)) return found;
  const shown = asker.isNpm ? found : withArchivesAt(found, deps.upstreams.npm, `${asker.base}/npm`);
  if (route.kind === 'npm-package') return { status: 200, type: json, body: JSON.stringify(shown) };
  const version = shown.versions?.[shown['dist-tags']?.[route.version] ?? route.version];
  return version === undefined ? tooYoung : { status: 200, type: json, body: JSON.stringify(version) };
}

async function answerPypi(deps: MetadataDeps, path: string, { accept }: Asker): Promise<Answer> {
  const { status, body } = await get(deps, new URL(path, deps.upstreams.pypi), pypiJson);
  if (status !== 200) return passedOn(status);
  const project = rewritePypiProject(parsePypiProject(body), deps.upstreams.pypiFiles, deps.isOldEnough);
  if (project === null) return tooYoung;
  return accept.includes(pypiJson)
    ? { status, type: pypiJson, body: JSON.stringify(project) }
    : { status, type: 'text/html; charset=utf-8', body: pypiHtml(project) };
}

async function answerGoInfo(deps: MetadataDeps, path: string): Promise<Answer> {
  const { status, body } = await get(deps, new URL(path, deps.upstreams.go), json);
  if (status !== 200) return passedOn(status);
  return isOldInfo(body, deps.isOldEnough) ? { status, type: json, body } : tooYoung;
}

/** The list without the best versions that are too young. What comes after the first old one is left unseen. */
async function answerGoList(deps: MetadataDeps, path: string): Promise<Answer> {
  const { status, body } = await get(deps, new URL(path, deps.upstreams.go), '*/*');
  if (status !== 200) return passedOn(status);
  const versions = byPreference(body.toString());
  const infoPath = (version: string): string => path.replace(/list$/, `${escapeVersion(version)}.info`);
  for (const [young, version] of versions.slice(0, maxGoLooks).entries()) {
    const { status: found } = await answerGoInfo(deps, infoPath(version));
    if (found === 200) return text(200, versions.slice(young).join('\n'));
  }
  return text(200, '');
}

async function answerCrate(deps: MetadataDeps, path: string): Promise<Answer> {
  const { status, body } = await get(deps, new URL(path, deps.upstreams.crates), '*/*');
  if (status !== 200) return passedOn(status);
  const kept = withoutYoungCrates(body, deps.isOldEnough);
  return kept === '' ? tooYoung : text(200, kept);
}

/** Answers a route that is no file. @throws UpstreamRefused when the registry's answer cannot be read, and what `ask` throws */
export async function answerMetadata(
  deps: MetadataDeps,
  route: Exclude<MirrorRoute, { kind: 'file' }>,
  asker: Asker,
): Promise<Answer> {
  try {
    switch (route.kind) {
      case 'npm-package':
      case 'npm-version':
        return await answerNpm(deps, route, asker);
      case 'pypi-project':
        return await answerPypi(deps, route.path, asker);
      case 'go-list':
        return await answerGoList(deps, route.path);
      case 'go-info':
        return await answerGoInfo(deps, route.path);
      case 'go-sums-supported':
        return text(200, '');
      case 'crates-index':
        return await answerCrate(deps, route.path);
      case 'crates-config':
        return { status: 200, type: json, body: cratesConfig(asker.base) };
    }
  } catch (error) {
    // Of JSON and of the schema: a registry that speaks otherwise is not passed on unread.
    if (error instanceof SyntaxError || (error instanceof Error && error.name === '$ZodError')) {
      throw new UpstreamRefused(`the answer to ${route.kind} is none of its kind`);
    }
    throw error;
  }
}
