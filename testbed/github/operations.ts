// Every operation the bed knows. Anything else is a fault of the test, or of a product that calls more than it says.
import { createPulls } from './pulls.ts';
import { createReactions } from './reactions.ts';
import { branchRules, createRef, deleteRef, getBranch, getRef, listBranches, matchingRefs, updateRef } from './refs.ts';
import { forward, type Handler, type Operation } from './calls.ts';
import { getContents } from './contents.ts';
import { answerGraphql } from './graphql.ts';
import { getRepository } from './repositories.ts';
import { userPermission } from './permission.ts';
import { createIssue, singleIssue } from './issues.ts';
import { writeComment } from './texts.ts';
import type { Role } from './types.ts';

// What a job's token needs, after docs.github.com/rest/authentication/permissions-required-for-github-apps.
const metadata = ['metadata=read'];
const readContents = ['contents=read'];
const writeContents = ['contents=write'];
const readPulls = ['pull_requests=read'];
const writePulls = ['pull_requests=write'];
const writeIssues = ['issues=write'];
/** Either one, for what issues and pull requests have in common. */
const readEither = ['issues=read', 'pull_requests=read'];
const writeEither = ['issues=write', 'pull_requests=write'];

const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
const PULL = '/repos/{owner}/{repo}/pulls/{pull_number}';
const REF = '/repos/{owner}/{repo}/git/refs/{ref}';

/** No part of the REST API, and so not held against its description. */
export const GRAPHQL = '/graphql';

type Row = readonly [method: string, path: string, accepts: readonly string[], role: Role, answer: Handler];

/** The operations of one server; pull requests and reactions have a memory, so each server needs its own. */
export function createOperations(): readonly Operation[] {
  const pulls = createPulls();
  const reactions = createReactions();
  const rows: readonly Row[] = [
    ['GET', '/user', [], 'none', forward],
    ['POST', GRAPHQL, metadata, 'none', answerGraphql],
    ['GET', '/users/{username}', metadata, 'none', forward],
    ['GET', '/repos/{owner}/{repo}', metadata, 'read', getRepository],
    ['GET', '/repos/{owner}/{repo}/collaborators/{username}/permission', metadata, 'read', userPermission],
    ['POST', '/repos/{owner}/{repo}/issues', writeIssues, 'read', createIssue],
    ['GET', ISSUE, readEither, 'read', singleIssue],
    ['PATCH', ISSUE, writeEither, 'triage', singleIssue],
    ['GET', `${ISSUE}/labels`, readEither, 'read', forward],
    ['POST', `${ISSUE}/labels`, writeEither, 'triage', forward],
    ['DELETE', `${ISSUE}/labels/{name}`, writeEither, 'triage', forward],
    ['GET', `${ISSUE}/comments`, readEither, 'read', forward],
    ['POST', `${ISSUE}/comments`, writeEither, 'read', writeComment],
    ['GET', COMMENT, readEither, 'read', forward],
    ['PATCH', COMMENT, writeEither, 'write', writeComment],
    ['DELETE', COMMENT, writeEither, 'write', forward],
    ...reactionRows(ISSUE, reactions),
    ...reactionRows(COMMENT, reactions),
    ['GET', '/repos/{owner}/{repo}/labels', readEither, 'read', forward],
    ['POST', '/repos/{owner}/{repo}/labels', writeEither, 'write', forward],
    ['GET', '/repos/{owner}/{repo}/branches', readContents, 'read', listBranches],
    ['GET', '/repos/{owner}/{repo}/branches/{branch}', readContents, 'read', getBranch],
    ['GET', '/repos/{owner}/{repo}/rules/branches/{branch}', metadata, 'read', branchRules],
    ['GET', '/repos/{owner}/{repo}/contents/{path}', readContents, 'read', getContents],
    ['GET', '/repos/{owner}/{repo}/git/ref/{ref}', readContents, 'read', getRef],
    ['GET', '/repos/{owner}/{repo}/git/matching-refs/{ref}', readContents, 'read', matchingRefs],
    ['POST', '/repos/{owner}/{repo}/git/refs', writeContents, 'write', createRef],
    ['PATCH', REF, writeContents, 'write', updateRef],
    ['DELETE', REF, writeContents, 'write', deleteRef],
    ['GET', '/repos/{owner}/{repo}/pulls', readPulls, 'read', pulls.list],
    ['POST', '/repos/{owner}/{repo}/pulls', writePulls, 'write', pulls.create],
    ['GET', PULL, readPulls, 'read', pulls.single],
    ['PATCH', PULL, writePulls, 'write', pulls.single],
  ];
  return rows.map(([method, path, accepts, role, answer]) => ({ method, path, accepts, role, answer }));
}

const reactionRows = (target: string, reactions: ReturnType<typeof createReactions>): readonly Row[] => [
  ['GET', `${target}/reactions`, readEither, 'read', reactions.list],
  ['POST', `${target}/reactions`, writeEither, 'read', reactions.create],
  ['DELETE', `${target}/reactions/{reaction_id}`, writeEither, 'read', reactions.remove],
];
