// The two questions that only GitHub's GraphQL API answers: who edited an issue's texts, and whose account a token is.
// docs.github.com/graphql/reference
import { RunError } from '../errors.ts';
import type { Account, GitHub, IssueEdits, TextEdit } from '../ports.ts';
import type { Connection } from './github-connection.ts';
import { UnreadableReply } from './github-failure.ts';
import { operations, type Operation } from './github-operations.ts';
import { fieldsOf, isCount } from './json-fields.ts';

/** `viewer` is answered for the token of a job or an app too, for which `GET /user` is refused. */
export const accountQuery = 'query Account { viewer { login databaseId } }';

/**
 * `lastEditedAt` and `userContentEdits` are about the body alone; a new title is an event of the timeline. The edits'
 * order is not documented, so none is relied on.
 */
export const issueEditsQuery = `query IssueEdits($owner: String!, $name: String!, $number: Int!) {
  viewer { login databaseId }
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      createdAt
      includesCreatedEdit
      lastEditedAt
      editor { __typename login }
      userContentEdits(first: 100) {
        pageInfo { hasNextPage }
        nodes { editedAt editor { __typename login } }
      }
      timelineItems(last: 50, itemTypes: [RENAMED_TITLE_EVENT]) {
        pageInfo { hasPreviousPage }
        nodes { __typename ... on RenamedTitleEvent { createdAt actor { __typename login } } }
      }
    }
  }
}`;

/** `https://host/api/v3` -> `https://host/api/graphql`; any other API has it below its root. */
export const graphqlUrlOf = (apiUrl: string): string =>
  apiUrl.replace(/\/+$/, '').replace(/\/api\/v3$/, '/api') + '/graphql';

export function createGraphql({
  octokit,
  call,
  graphqlUrl: url,
  owner,
  repo: name,
}: Connection): Pick<GitHub, 'account' | 'issueEdits'> {
  const ask = <T>(operation: Operation, sent: Sent, read: (data: unknown) => T): Promise<T> =>
    call(operation, async () => {
      const { data } = await octokit.request({ method: 'POST', url, ...sent });
      // Part of an answer is none: what is missing may be what matters.
      const error = messageOf(data);
      if (error !== null) throw new RunError('github-refused', { action: operation.action, detail: error });
      return read(at(data, 'data'));
    });
  return {
    account: () => ask(operations.readAccount, { query: accountQuery }, (data) => accountOf(at(data, 'viewer'))),
    issueEdits: (number) =>
      ask(operations.readEdits, { query: issueEditsQuery, variables: { owner, name, number } }, editsOf),
  };
}

interface Sent {
  readonly query: string;
  readonly variables?: unknown;
}

/** The first error; null when there is none. */
function messageOf(data: unknown): string | null {
  const errors = fieldsOf(data)?.['errors'];
  if (errors === undefined || errors === null) return null;
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  return textOrNull(fieldsOf(first)?.['message']) ?? 'no reason given';
}

function accountOf(viewer: unknown): Account {
  const id = at(viewer, 'databaseId');
  return isCount(id) ? { login: textAt(viewer, 'login'), id } : unreadable('databaseId');
}

function editsOf(data: unknown): IssueEdits {
  const issue = at(at(data, 'repository'), 'issue');
  const createdAtMs = Date.parse(textAt(issue, 'createdAt'));
  const hasCreation = flagAt(issue, 'includesCreatedEdit');
  const last = at(issue, 'lastEditedAt') === null ? [] : [textEdit('body', issue, ['lastEditedAt', 'editor'])];
  const bodies = at(issue, 'userContentEdits');
  const body = (bodies === null ? [] : nodesOf(bodies))
    // With the first edit the text as it was written at first is listed as an edit, too.
    .filter((node) => !(hasCreation && Date.parse(textAt(node, 'editedAt')) <= createdAtMs))
    .map((node) => textEdit('body', node, ['editedAt', 'editor']));
  const titles = at(issue, 'timelineItems');
  const title = nodesOf(titles).map((node) => textEdit('title', node, ['createdAt', 'actor']));
  const isWhole =
    (bodies === null || !flagAt(at(bodies, 'pageInfo'), 'hasNextPage')) &&
    !flagAt(at(titles, 'pageInfo'), 'hasPreviousPage');
  return { viewer: accountOf(at(data, 'viewer')), edits: [...last, ...body, ...title], isWhole };
}

function textEdit(part: TextEdit['part'], node: unknown, [time, who]: readonly [string, string]): TextEdit {
  return { part, at: textAt(node, time), by: loginOf(at(node, who)) };
}

/** A bot's login is told without its suffix here, so that a person could bear the same. Null for an account that is gone. */
function loginOf(actor: unknown): string | null {
  if (actor === null) return null;
  return textAt(actor, '__typename') === 'Bot' ? `${textAt(actor, 'login')}[bot]` : textAt(actor, 'login');
}

// By hand and not by zod: making the schemas takes three times as long as all else of this request, on the way to the
// first request to the model. Whatever is not as it was asked for is no answer.

const unreadable = (name: string): never => {
  throw new UnreadableReply(name);
};

function at(value: unknown, name: string): unknown {
  const found = fieldsOf(value)?.[name];
  return found === undefined ? unreadable(name) : found;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const textAt = (value: unknown, name: string): string => textOrNull(at(value, name)) ?? unreadable(name);

function flagAt(value: unknown, name: string): boolean {
  const found = at(value, name);
  return typeof found === 'boolean' ? found : unreadable(name);
}

function nodesOf(connection: unknown): readonly unknown[] {
  const nodes = at(connection, 'nodes');
  return Array.isArray(nodes) ? nodes : unreadable('nodes');
}
