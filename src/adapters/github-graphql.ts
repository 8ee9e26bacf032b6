// The two questions that only GitHub's GraphQL API answers: who edited an issue's texts, and whose account a token is.
// docs.github.com/graphql/reference; zod/mini: see trigger/event-payloads.ts.
import * as z from 'zod/mini';
import { RunError } from '../errors.ts';
import type { Account, GitHub, IssueEdits, TextEdit } from '../ports.ts';
import type { Connection } from './github-connection.ts';
import { operations, type Operation } from './github-operations.ts';

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
  const ask = <T>(
    operation: Operation,
    sent: { readonly query: string; readonly variables?: unknown },
    shape: z.ZodMiniType<T>,
  ): Promise<T> =>
    call(operation, async () => {
      const { data } = await octokit.request({ method: 'POST', url, ...sent });
      const { errors } = errorsShape.parse(data);
      // Part of an answer is none: what is missing may be what matters.
      if (errors !== undefined && errors !== null)
        throw new RunError('github-refused', {
          action: operation.action,
          detail: errors[0]?.message ?? 'no reason given',
        });
      return shape.parse(data);
    });
  return {
    account: async () => (await ask(operations.readAccount, { query: accountQuery }, accountShape())).data.viewer,
    issueEdits: async (number) => {
      const sent = { query: issueEditsQuery, variables: { owner, name, number } };
      return editsOf((await ask(operations.readEdits, sent, issueShape())).data);
    },
  };
}

const errorsShape = z.object({ errors: z.nullish(z.array(z.object({ message: z.catch(z.string(), 'unreadable') }))) });

// Made when a reply is read: half of all events come to nothing before.
const viewerShape = () =>
  z.pipe(
    z.object({ login: z.string(), databaseId: z.int() }),
    z.transform(({ login, databaseId: id }): Account => ({ login, id })),
  );

const accountShape = () => z.object({ data: z.object({ viewer: viewerShape() }) });

/** Null for a deleted account. */
const actorShape = () => z.nullish(z.object({ __typename: z.string(), login: z.string() }));

const issueShape = () =>
  z.object({
    data: z.object({
      viewer: viewerShape(),
      repository: z.object({
        issue: z.object({
          createdAt: z.string(),
          includesCreatedEdit: z.boolean(),
          lastEditedAt: z.nullish(z.string()),
          editor: actorShape(),
          userContentEdits: z.nullish(
            z.object({
              pageInfo: z.object({ hasNextPage: z.boolean() }),
              nodes: z.array(z.object({ editedAt: z.string(), editor: actorShape() })),
            }),
          ),
          timelineItems: z.object({
            pageInfo: z.object({ hasPreviousPage: z.boolean() }),
            nodes: z.array(z.object({ createdAt: z.string(), actor: actorShape() })),
          }),
        }),
      }),
    }),
  });

type Answer = z.infer<ReturnType<typeof issueShape>>['data'];
type Actor = z.infer<ReturnType<typeof actorShape>>;

function editsOf({ viewer, repository: { issue } }: Answer): IssueEdits {
  const { userContentEdits: bodies, timelineItems: titles } = issue;
  const last = issue.lastEditedAt ? [textEdit('body', issue.lastEditedAt, issue.editor)] : [];
  const body = (bodies?.nodes ?? [])
    // With the first edit the text as it was written at first is listed as an edit, too.
    .filter(({ editedAt }) => !(issue.includesCreatedEdit && Date.parse(editedAt) <= Date.parse(issue.createdAt)))
    .map(({ editedAt, editor }) => textEdit('body', editedAt, editor));
  const title = titles.nodes.map(({ createdAt, actor }) => textEdit('title', createdAt, actor));
  const isWhole = bodies?.pageInfo.hasNextPage !== true && !titles.pageInfo.hasPreviousPage;
  return { viewer, edits: [...last, ...body, ...title], isWhole };
}

/** A bot's login is told without its suffix here, so that a person could bear the same. */
const textEdit = (part: TextEdit['part'], at: string, actor: Actor): TextEdit => ({
  part,
  at,
  by: actor == null ? null : actor.__typename === 'Bot' ? `${actor.login}[bot]` : actor.login,
});
