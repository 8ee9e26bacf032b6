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
import { trustedComments, type Comment } from './trusted-comments.ts';

type Reading = Pick<GitHub, 'issue' | 'comments' | 'permission'>;
type RawIssue = Omit<Issue, 'instructions' | 'hiddenCharacters' | 'hidden' | 'comments'> & {
  readonly comments: readonly IssueComment[];
};

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
export async function readIssue(trigger: Trigger, github: Reading | null): Promise<Issue> {
  if (trigger.feature !== null) return filtered(ofFeature(trigger.feature, trigger.actor), trigger.instructions);
  const number = trigger.issueNumber ?? trigger.pullRequestNumber;
  if (number === null || github === null) throw new RunError('nothing-to-do');
  const [issue, comments] = await Promise.all([readText(trigger, number, github), readThreads(trigger, github)]);
  return filtered({ ...issue, comments }, trigger.instructions);
}

async function readText(trigger: Trigger, number: number, github: Reading): Promise<RawIssue> {
  if (trigger.snapshot !== null && trigger.issueNumber !== null) return { number, ...trigger.snapshot, comments: [] };
  const current = await github.issue(number);
  const { title, body, author } = current;
  if (trigger.issueNumber === null) {
    // The body of a pull request of ours is our own report; what is asked stands in its title and the comment.
    return { number: null, title, body: '', author, url: current.url, comments: [] };
  }
  if (current.isPullRequest) {
    throw new RunError('input-invalid', { problem: `#${String(number)} is a pull request, not an issue.` });
  }
  return { number, title, body, author, url: current.url, comments: [] };
}

async function readThreads(trigger: Trigger, github: Reading): Promise<readonly Comment[]> {
  const numbers = [trigger.issueNumber, trigger.pullRequestNumber].filter((number) => number !== null);
  const threads = await Promise.all(numbers.map((number) => github.comments(number)));
  return trustedComments(trigger, threads.flat(), github);
}

const ofFeature = (feature: string, author: string): RawIssue => ({
  number: null,
  title: feature.trim().split('\n', 1)[0] ?? '',
  // One short line is the title already; every agent would pay for reading it twice.
  body: feature.includes('\n') || feature.length > maxTitleLength ? feature : '',
  author,
  url: null,
  comments: [],
});

function filtered(raw: RawIssue, instructions: string): Issue {
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
  let read = 0;
  for (const { author, body: text } of raw.comments) {
    if (bytesLeft === 0 || read > maxReadCharacters) break;
    read += text.length;
    const shown = take(text);
    if (shown.trim() !== '') comments.push({ author, body: shown });
  }
  const hiddenCharacters = taken.reduce((sum, one) => sum + one.hiddenCharacters, 0);
  const hidden = summarizeHidden(taken.flatMap(({ removed }) => removed));
  return { ...raw, title, body, comments, instructions: said, hiddenCharacters, hidden };
}
