// Are the commits that another job hands over such as a run of ours makes? What they change is the diff policy's question.
import { RunError } from '../errors.ts';

export interface CheckCommitsDeps {
  /** Bytes of a commit object. */
  readonly readCommit: (commit: string) => Promise<Uint8Array>;
  /** `Name <address>` under which our commits stand. */
  readonly author: string;
  /** True for a text that may hold a secret. */
  readonly hasSecret: (text: string) => boolean;
}

/** A name that is not ours would be believed to be a person's. @throws RunError `handover-refused` */
export async function checkCommits(
  commits: readonly string[],
  { readCommit, author, hasSecret }: CheckCommitsDeps,
): Promise<void> {
  for (const commit of commits) {
    const { parents, authors, message } = partsOf(await readCommit(commit));
    const short = commit.slice(0, 10);
    const foreign = authors.find((one) => one !== author);
    if (foreign !== undefined) throw refused(`the commit ${short} is by ${foreign}, not by us`);
    if (parents.length === 0) throw refused(`the commit ${short} builds on nothing`);
    if (hasSecret(message)) throw refused(`the message of the commit ${short} may hold a secret`);
  }
}

const refused = (detail: string): RunError => new RunError('handover-refused', { detail });

/** Of a commit object, which git has checked: header lines, an empty line, the message. */
function partsOf(bytes: Uint8Array) {
  const text = Buffer.from(bytes).toString('utf8');
  const end = text.indexOf('\n\n');
  const header = (end < 0 ? text : text.slice(0, end)).split('\n');
  const valuesOf = (name: string): readonly string[] =>
    header.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const authors = [...valuesOf('author'), ...valuesOf('committer')].map((line) => line.replace(/ -?\d+ [+-]\d+$/, ''));
  return { parents: valuesOf('parent'), authors, message: end < 0 ? '' : text.slice(end + 2) };
}
