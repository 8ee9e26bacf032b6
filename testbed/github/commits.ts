// A commit as the API shows it, read from git.
import { git } from './bare-repository.ts';
import type { Bed, Call } from './calls.ts';

/** The commit of a full object id. Accounts stay null: an address does not say which user it belongs to. */
export async function commitOf(call: Call, bed: Bed, sha: string): Promise<unknown> {
  const format = ['%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00');
  const raw = await git(bed.directory(call.repository), 'show', '--no-patch', `--format=${format}`, sha);
  const [tree = '', parents = '', name, email, date, committer, committerEmail, committerDate, message = ''] =
    raw.split('\0');
  const root = `${bed.url}/repos/${call.repository}`;
  const html = `${bed.url}/${call.repository}/commit`;
  return {
    sha,
    node_id: Buffer.from(`Commit:${sha}`).toString('base64url'),
    url: `${root}/commits/${sha}`,
    html_url: `${html}/${sha}`,
    comments_url: `${root}/commits/${sha}/comments`,
    author: null,
    committer: null,
    parents: parents
      .split(' ')
      .filter(Boolean)
      .map((parent) => parentOf(parent, root, html)),
    commit: {
      url: `${root}/git/commits/${sha}`,
      author: { name, email, date },
      committer: { name: committer, email: committerEmail, date: committerDate },
      message: message.trimEnd(),
      comment_count: 0,
      tree: { sha: tree, url: `${root}/git/trees/${tree}` },
      verification: { verified: false, reason: 'unsigned', payload: null, signature: null, verified_at: null },
    },
  };
}

const parentOf = (sha: string, root: string, html: string): unknown => ({
  sha,
  url: `${root}/commits/${sha}`,
  html_url: `${html}/${sha}`,
});
