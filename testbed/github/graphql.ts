// The two queries that the product sends to the GraphQL API, by their operation names. Everything that the schema lets be
// asked there is in the answer; that a query fits the schema, and an answer the query, is what the bed's own tests hold.
import type { Answer } from './types.ts';
import { field, type Bed, type Call, type Handler } from './calls.ts';
import type { TextChange } from './issue-history.ts';

/** Errors of GraphQL come with status 200. */
const failed = (type: string, message: string): Answer => ({ status: 200, body: { errors: [{ type, message }] } });

export const answerGraphql: Handler = async (call, bed) => {
  const operation = /^\s*query\s+(\w+)/.exec(String(call.body['query']))?.[1];
  const viewer = { viewer: await viewerOf(call, bed) };
  if (operation === 'Account') return { status: 200, body: { data: viewer } };
  if (operation !== 'IssueEdits')
    return failed('BED', `The embedded GitHub does not know the query ${operation ?? ''}`);
  const issue = await issueOf(call, bed);
  if (issue === null) return failed('NOT_FOUND', 'Could not resolve to an Issue with that number.');
  return { status: 200, body: { data: { ...viewer, repository: { issue } } } };
};

/** The account behind a token, a job's too: for that the bot of Actions. */
async function viewerOf(call: Call, bed: Bed): Promise<unknown> {
  const login = call.identity?.login ?? '';
  const user = await bed.emulator.ask(null, 'GET', `/users/${encodeURIComponent(login)}`);
  return { login, databaseId: field(user.body, 'id') };
}

async function issueOf(call: Call, bed: Bed): Promise<unknown> {
  const { owner, name, number } = Object(call.body['variables']);
  const repository = `${String(owner)}/${String(name)}`;
  const found = await bed.emulator.ask(null, 'GET', `/repos/${repository}/issues/${String(number)}`);
  if (found.status !== 200) return null;
  const key = `${repository}#${String(number)}`;
  const edits = [...bed.history.of(key, 'body')].reverse();
  const createdAt = String(field(found.body, 'created_at'));
  // With the first edit GitHub shows the text as it was created as an edit too.
  const created = { editedAt: createdAt, editor: actor(String(field(field(found.body, 'user'), 'login'))) };
  const shown = edits.map(({ login, at }) => ({ editedAt: at, editor: actor(login) }));
  return {
    createdAt,
    lastEditedAt: edits[0]?.at ?? null,
    editor: edits[0] === undefined ? null : actor(edits[0].login),
    includesCreatedEdit: edits.length > 0,
    userContentEdits: { pageInfo: { hasNextPage: false }, nodes: edits.length > 0 ? [...shown, created] : [] },
    timelineItems: { pageInfo: { hasPreviousPage: false }, nodes: bed.history.of(key, 'title').map(renamed) },
  };
}

const renamed = ({ at, login }: TextChange) => ({
  __typename: 'RenamedTitleEvent',
  createdAt: at,
  actor: actor(login),
});

/** A bot's login is without its suffix here. */
const actor = (login: string) =>
  login.endsWith('[bot]') ? { __typename: 'Bot', login: login.replace('[bot]', '') } : { __typename: 'User', login };
