// Branches and refs of the API, answered from the bare repository itself: git is the only truth.
import type { Answer } from './types.ts';
import { branchHead, git, tryGit } from './bare-repository.ts';
import { notFound, refusal } from './answers.ts';
import type { Bed, Call, Handler } from './calls.ts';
import { commitOf } from './commits.ts';

const emptyRepository = (): Answer => refusal(409, 'Git Repository is empty.');

const isEmpty = async (directory: string): Promise<boolean> =>
  (await git(directory, 'for-each-ref', '--count=1')) === '';

function shownRef(call: Call, bed: Bed, ref: string, sha: string): unknown {
  const root = `${bed.url}/repos/${call.repository}/git`;
  const node_id = Buffer.from(`Ref:${call.repository}:${ref}`).toString('base64url');
  return { ref, node_id, url: `${root}/${ref}`, object: { sha, type: 'commit', url: `${root}/commits/${sha}` } };
}

export const getRef: Handler = async (call, bed) => {
  const directory = bed.directory(call.repository);
  if (await isEmpty(directory)) return emptyRepository();
  const ref = `refs/${call.params['ref'] ?? ''}`;
  const sha = await tryGit(directory, 'rev-parse', '--quiet', '--verify', `${ref}^{commit}`);
  return sha === null ? notFound() : { status: 200, body: shownRef(call, bed, ref, sha) };
};

export const matchingRefs: Handler = async (call, bed) => {
  const prefix = `refs/${call.params['ref'] ?? ''}`;
  const lines = await git(bed.directory(call.repository), 'for-each-ref', '--format=%(objectname) %(refname)');
  const refs = lines.split('\n').map((line) => line.split(' '));
  const hits = refs.filter(([, ref]) => ref?.startsWith(prefix));
  return { status: 200, body: hits.map(([sha = '', ref = '']) => shownRef(call, bed, ref, sha)) };
};

export const createRef: Handler = async (call, bed) => {
  const directory = bed.directory(call.repository);
  if (await isEmpty(directory)) return emptyRepository();
  const ref = String(call.body['ref']);
  const sha = String(call.body['sha']);
  if (!/^refs\/[^/]+\/./.test(ref))
    return refusal(422, "Reference name must start with 'refs/' and contain at least one more slash");
  if ((await tryGit(directory, 'rev-parse', '--quiet', '--verify', ref)) !== null)
    return refusal(422, 'Reference already exists');
  if ((await tryGit(directory, 'cat-file', '-e', `${sha}^{commit}`)) === null)
    return refusal(422, 'Object does not exist');
  await git(directory, 'update-ref', ref, sha);
  return { status: 201, body: shownRef(call, bed, ref, sha) };
};

export const updateRef: Handler = async (call, bed) => {
  const directory = bed.directory(call.repository);
  const ref = `refs/${call.params['ref'] ?? ''}`;
  const sha = String(call.body['sha']);
  const now = await tryGit(directory, 'rev-parse', '--quiet', '--verify', ref);
  if (now === null) return refusal(422, 'Reference does not exist');
  if ((await tryGit(directory, 'cat-file', '-e', `${sha}^{commit}`)) === null)
    return refusal(422, 'Object does not exist');
  const isForward = (await tryGit(directory, 'merge-base', '--is-ancestor', now, sha)) !== null;
  if (!isForward && call.body['force'] !== true) return refusal(422, 'Update is not a fast forward');
  await git(directory, 'update-ref', ref, sha);
  return { status: 200, body: shownRef(call, bed, ref, sha) };
};

export const deleteRef: Handler = async (call, bed) => {
  const directory = bed.directory(call.repository);
  const ref = `refs/${call.params['ref'] ?? ''}`;
  if ((await tryGit(directory, 'rev-parse', '--quiet', '--verify', ref)) === null)
    return refusal(422, 'Reference does not exist');
  await git(directory, 'update-ref', '-d', ref);
  return { status: 204 };
};

export const listBranches: Handler = async (call, bed) => {
  const lines = await git(
    bed.directory(call.repository),
    'for-each-ref',
    '--format=%(objectname) %(refname:lstrip=2)',
    'refs/heads',
  );
  const branches = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const url = `${bed.url}/repos/${call.repository}/commits`;
  const body = branches.map(([sha = '', name = '']) => ({
    name,
    commit: { sha, url: `${url}/${sha}` },
    protected: isProtected(call, bed, name),
  }));
  return { status: 200, body };
};

const isProtected = (call: Call, bed: Bed, name: string): boolean =>
  bed.access.repository(call.repository)?.protectedBranches?.includes(name) ?? false;

/** The active rules of rulesets; the branch need not exist. */
export const branchRules: Handler = (call, bed) => {
  const types = bed.access.repository(call.repository)?.rules ?? [];
  const ruleset = { ruleset_source_type: 'Repository', ruleset_source: call.repository, ruleset_id: 1 };
  return Promise.resolve({ status: 200, body: types.map((type) => ({ type, ...ruleset })) });
};

export const getBranch: Handler = async (call, bed) => {
  const name = call.params['branch'] ?? '';
  const sha = await branchHead(bed.directory(call.repository), name);
  if (sha === null) return refusal(404, 'Branch not found');
  const url = `${bed.url}/repos/${call.repository}/branches/${name}`;
  const enabled = isProtected(call, bed, name);
  const protection = { enabled, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } };
  const body = {
    name,
    commit: await commitOf(call, bed, sha),
    _links: { self: url, html: `${bed.url}/${call.repository}/tree/${name}` },
    protected: enabled,
    protection,
    protection_url: `${url}/protection`,
  };
  return { status: 200, body };
};
