// The two GraphQL queries of the product fit GitHub's own schema, and what the bed answers to them is what such a query gets.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSchema, graphqlSync, parse, validate, type GraphQLSchema } from 'graphql';
import { accountQuery, issueEditsQuery } from '../../../src/adapters/github-graphql.ts';
import { DEMO, startBed, type TestBed } from './bed.ts';

let bed: TestBed;
let schema: GraphQLSchema;
beforeAll(async () => {
  bed = await startBed();
  schema = buildSchema(await readFile('testbed/github/schema-cut.graphql', 'utf8'));
});
afterAll(() => bed.close());

async function ask(query: string, variables: unknown, token = bed.github.mintToken({ issues: 'read' }, DEMO)) {
  const response = await fetch(`${bed.github.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, body: Object(await response.json()) };
}

describe('what the product asks', () => {
  test.each([
    ['Account', accountQuery],
    ['IssueEdits', issueEditsQuery],
  ])('%s is valid by the schema of GitHub', (_, query) => {
    expect(validate(schema, parse(query))).toEqual([]);
  });

  test('the schema finds a field that GitHub does not have', () => {
    expect(validate(schema, parse(issueEditsQuery.replace('lastEditedAt', 'editedLastAt')))).not.toEqual([]);
  });
});

describe('what the bed answers', () => {
  test('is what a server with that schema would answer, edits and all', async () => {
    const { number } = await bed.github.createIssue({ repository: DEMO, title: 'T', body: 'B', author: 'stranger' });
    const about = { repository: DEMO, issueNumber: number };
    await bed.github.editIssue({ ...about, editor: 'writer', body: 'C', at: new Date('2026-11-22T12:00:00Z') });
    await bed.github.editIssue({ ...about, editor: 'stranger', body: 'D', at: new Date('2026-11-22T13:00:00Z') });
    await bed.github.editIssue({ ...about, editor: 'github-actions[bot]', title: 'U' });
    await bed.github.editIssue({ ...about, editor: 'writer', title: 'U' });
    const variables = { owner: 'octo', name: 'demo', number };
    const { status, body } = await ask(issueEditsQuery, variables);
    expect(status).toBe(200);
    const executed = graphqlSync({ schema, source: issueEditsQuery, variableValues: variables, rootValue: body.data });
    expect(JSON.parse(JSON.stringify(executed))).toEqual(body);
    expect(body.data.viewer.login).toBe('github-actions[bot]');
    expect(body.data.repository.issue).toMatchObject({
      lastEditedAt: '2026-11-22T13:00:00.000Z',
      editor: { login: 'stranger' },
      includesCreatedEdit: true,
      userContentEdits: {
        nodes: [{ editor: { login: 'stranger' } }, { editor: { login: 'writer' } }, { editor: { login: 'stranger' } }],
      },
      // The second change of the title changed nothing.
      timelineItems: { nodes: [{ actor: { __typename: 'Bot', login: 'github-actions' } }] },
    });
  });

  test('names the account of a token by its number, a person and the bot of a job alike', async () => {
    const { body: user } = await bed.github.api('GET', '/users/writer');
    expect((await ask(accountQuery, {}, 'tok-writer')).body).toEqual({
      data: { viewer: { login: 'writer', databaseId: Object(user).id } },
    });
    expect((await ask(accountQuery, {})).body.data.viewer).toMatchObject({ login: 'github-actions[bot]' });
    expect((await ask(accountQuery, {}, 'nobody')).status).toBe(401);
  });

  test('is an error with status 200 for an issue that is not there, as GitHub does it', async () => {
    const { status, body } = await ask(issueEditsQuery, { owner: 'octo', name: 'demo', number: 999 });
    expect({ status, errors: body.errors }).toMatchObject({ status: 200, errors: [{ type: 'NOT_FOUND' }] });
  });
});
