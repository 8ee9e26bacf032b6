// From a trigger to the request in words: filtered, capped, and still untrusted.
import { RunError } from '../errors.ts';
import type { GitHub } from '../ports.ts';
import type { Issue, IssueComment, Trigger } from '../types.ts';
import {
  filterHiddenText,
  filterPlainText,
  maxFieldBytes,
  summarizeHidden,
  type FilteredText,
} from './filter-hidden-text.ts';
import { countUnread, trustedComments, type SortedComments } from './trusted-comments.ts';

type Reading = Pick<GitHub, 'issue' | 'comments' | 'permission'>;

/** Title and body as they were written, before anything is filtered out. */
export type RequestText = Pick<Issue, 'number' | 'title' | 'body' | 'author' | 'url'>;

/** All text of a request together, in bytes of UTF-8; what is over it is cut from the last comments. */
const maxTotalBytes = 4 * maxFieldBytes;
/** What is read of comments to get there, in characters: they may hide more than they show, or all of it. */
const maxReadCharacters = 1024 * 1024;
/** GitHub's own limit for a title, in characters. */
const maxTitleLength = 256;

/**
 * The request of a trigger. Text that came with the event is taken from it, not from the API: it is what the actor
 * saw. A comment on a pull request needs `issueNumber` filled in from that pull request (null: it had no issue).
 * @param github may be null only for a feature text.
 * @throws RunError `input-invalid` when the number is a pull request's, `nothing-to-do`, or one of the GitHub adapter.
 */
export async function readIssue(
  trigger: Trigger,
  github: Reading | null,
  text: Promise<RequestText> = readText(trigger, github),
): Promise<Issue> {
  const [read, comments] = await Promise.all([text, readThreads(trigger, github)]);
  return filtered(read, comments, trigger.instructions);
}

/** What is asked in, unfiltered: see `readIssue`, whose errors it has. */
export async function readText(trigger: Trigger, github: Pick<Reading, 'issue'> | null): Promise<RequestText> {
  if (trigger.feature !== null) return ofFeature(trigger.feature, trigger.actor);
  const number = trigger.issueNumber ?? trigger.pullRequestNumber;
  if (number === null || github === null) throw new RunError('nothing-to-do');
  if (trigger.snapshot !== null && trigger.issueNumber !== null) return { number, ...trigger.snapshot };
  const current = await github.issue(number);
  const { title, body, author } = current;
  if (trigger.issueNumber === null) {
    // The body of a pull request of ours is our own report; what is asked stands in its title and the comment.
    return { number: null, title, body: '', author, url: current.url };
  }
  if (current.isPullRequest) {
    throw new RunError('input-invalid', { problem: `#${String(number)} is a pull request, not an issue.` });
  }
  return { number, title, body, author, url: current.url };
}

async function readThreads(trigger: Trigger, github: Reading | null): Promise<SortedComments> {
  if (trigger.feature !== null || github === null) return { trusted: [], unread: [] };
  const numbers = [trigger.issueNumber, trigger.pullRequestNumber].filter((number) => number !== null);
  const threads = await Promise.all(numbers.map((number) => github.comments(number)));
  return trustedComments(trigger, threads.flat(), github);
}

const ofFeature = (feature: string, author: string): RequestText => ({
  number: null,
  title: feature.trim().split('\n', 1)[0] ?? '',
  // One short line is the title already; every agent would pay for reading it twice.
  body: feature.includes('\n') || feature.length > maxTitleLength ? feature : '',
  author,
  url: null,
});

function filtered(raw: RequestText, { trusted, unread }: SortedComments, instructions: string): Issue {
  const taken: FilteredText[] = [];
  let bytesLeft = maxTotalBytes;
  const take = (text: string, filter = filterHiddenText): string => {
    const result = filter(text, Math.min(maxFieldBytes, bytesLeft));
    taken.push(result);
    bytesLeft = Math.max(0, bytesLeft - Buffer.byteLength(result.text));
    return result.text;
  };
  // A title is shown as it is written: what is Markdown or HTML anywhere else is seen in it.
  const title = take(raw.title, filterPlainText).replace(/\s+/g, ' ').trim().slice(0, maxTitleLength);
  const said = take(instructions);
  const body = take(raw.body);
  const comments: IssueComment[] = [];
  const tooMuch: SortedComments['unread'][number][] = [];
  let read = 0;
  for (const { author, body: text } of trusted) {
    if (bytesLeft === 0 || read > maxReadCharacters) tooMuch.push({ author, reason: 'more text than is read' });
    else {
      read += text.length;
      const shown = take(text);
      if (shown.trim() !== '') comments.push({ author, body: shown });
    }
  }
  const left = countUnread([...unread, ...tooMuch]);
  const hiddenCharacters = taken.reduce((sum, one) => sum + one.hiddenCharacters, 0);
  const hidden = summarizeHidden(taken.flatMap(({ removed }) => removed));
  const all = { ...raw, title, body, comments, instructions: said, hiddenCharacters, hidden };
  return left.length === 0 ? all : { ...all, unread: left };
}
