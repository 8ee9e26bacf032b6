// A file of a branch, read from git.
import { git, gitOutput, tryGit } from './bare-repository.ts';
import { notFound } from './answers.ts';
import type { Handler } from './calls.ts';

/** One file as JSON, its content in base64; folders are not known here. */
export const getContents: Handler = async (call, bed) => {
  const directory = bed.directory(call.repository);
  const path = call.params['path'] ?? '';
  const ref = call.query.get('ref') ?? 'HEAD';
  const sha = await tryGit(directory, 'rev-parse', '--quiet', '--verify', `${ref}:${path}`);
  if (sha === null || (await git(directory, 'cat-file', '-t', sha)) !== 'blob') return notFound();
  const text = Buffer.from(await gitOutput(directory, 'cat-file', 'blob', sha));
  const root = `${bed.url}/repos/${call.repository}`;
  const url = `${root}/contents/${path}?ref=${ref}`;
  const git_url = `${root}/git/blobs/${sha}`;
  const html_url = `${bed.url}/${call.repository}/blob/${ref}/${path}`;
  const body = {
    ...{ type: 'file', name: path.split('/').at(-1), path, sha, url, git_url, html_url },
    size: text.length,
    encoding: 'base64',
    content: text.toString('base64').replace(/.{60}/g, '$&\n'),
    download_url: `${html_url}?raw=true`,
    _links: { self: url, git: git_url, html: html_url },
  };
  return { status: 200, body };
};
