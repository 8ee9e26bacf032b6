// Cuts what the product and its test bed use out of GitHub's OpenAPI description (13 MB) into one small file.
//   npm install --no-save --prefix "$(mktemp -d)" @octokit/openapi@23.0.2
//   node scripts/cut-openapi.mjs <that folder>/node_modules/@octokit/openapi/generated/api.github.com.json
import { readFileSync, writeFileSync } from 'node:fs';

const operations = [
  'GET /user',
  'GET /users/{username}',
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'POST /repos/{owner}/{repo}/issues',
  'GET /repos/{owner}/{repo}/issues/{issue_number}',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/reactions',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions',
  'DELETE /repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}',
  'GET /repos/{owner}/{repo}/labels',
  'POST /repos/{owner}/{repo}/labels',
  'GET /repos/{owner}/{repo}/branches',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/rules/branches/{branch}',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/git/matching-refs/{ref}',
  'POST /repos/{owner}/{repo}/git/refs',
  'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
  'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  'GET /repos/{owner}/{repo}/pulls',
  'POST /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
];
const webhooks = ['issues-labeled', 'issue-comment-created', 'workflow-dispatch', 'pull-request-opened'];

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Give the path of api.github.com.json (see the first lines of this script).');
const full = JSON.parse(readFileSync(source, 'utf8'));
const reached = [];

/** Drops what no validator reads, and notes every component that is referred to. */
function strip(value) {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$ref === 'string') {
    reached.push(value.$ref);
    return { $ref: value.$ref };
  }
  const kept = Object.entries(value).filter(([key, inner]) => !isProse(key, inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, strip(inner)]));
}

/** `description` and `title` are prose only as text: as objects they are fields of that name. */
function isProse(key, value) {
  if (['examples', 'example', 'externalDocs', 'tags'].includes(key)) return !isSchema(value);
  return key.startsWith('x-') || (['description', 'title', 'summary'].includes(key) && typeof value === 'string');
}

const isSchema = (value) => typeof value === 'object' && value !== null && ('type' in value || '$ref' in value);

function component(reference) {
  const names = reference.slice('#/'.length).split('/');
  return names.reduce((value, name) => value?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], full);
}

function operationCut(operation) {
  const [method, path] = operation.split(' ');
  const described = full.paths[path]?.[method.toLowerCase()];
  if (described === undefined) throw new Error(`GitHub's description has no operation ${operation}`);
  return strip({ requestBody: described.requestBody, responses: described.responses });
}

function webhookCut(name) {
  const described = full['x-webhooks'][name]?.post.requestBody;
  if (described === undefined) throw new Error(`GitHub's description has no webhook ${name}`);
  return strip(described);
}

const cut = {
  source: `GitHub REST API description ${full.info.version}, MIT licence, cut by scripts/cut-openapi.mjs`,
  operations: Object.fromEntries(operations.map((operation) => [operation, operationCut(operation)])),
  webhooks: Object.fromEntries(webhooks.map((name) => [name, webhookCut(name)])),
  components: {},
};
for (let index = 0; index < reached.length; index++) {
  const [, kind, name] = reached[index].slice('#/'.length).split('/');
  cut.components[kind] ??= {};
  cut.components[kind][name] ??= strip(component(reached[index]));
}
writeFileSync(new URL('../testbed/github/openapi-cut.json', import.meta.url), `${JSON.stringify(cut)}\n`);
