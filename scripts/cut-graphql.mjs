// Cuts what the product asks of GitHub's GraphQL API out of its schema (1.2 MB) into one small file.
//   npm install --no-save --prefix "$(mktemp -d)" @octokit/graphql-schema@15.26.1
//   node scripts/cut-graphql.mjs <that folder>/node_modules/@octokit/graphql-schema/schema.graphql
import { readFileSync, writeFileSync } from 'node:fs';
import { Kind, parse, print, visit } from 'graphql';

/** Types that are kept, with the fields, values or members that are kept of each; null: all. */
const kept = {
  Query: ['repository', 'viewer'],
  Repository: ['issue'],
  Issue: ['createdAt', 'editor', 'includesCreatedEdit', 'lastEditedAt', 'timelineItems', 'userContentEdits'],
  Actor: ['login'],
  Bot: ['login'],
  User: ['databaseId', 'login'],
  UserContentEditConnection: ['nodes', 'pageInfo'],
  UserContentEdit: ['editedAt', 'editor'],
  IssueTimelineItemsConnection: ['nodes', 'pageInfo'],
  IssueTimelineItems: ['RenamedTitleEvent'],
  IssueTimelineItemsItemType: ['RENAMED_TITLE_EVENT'],
  RenamedTitleEvent: ['actor', 'createdAt'],
  PageInfo: null,
  DateTime: null,
};

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Give the path of schema.graphql (see the first lines of this script).');

const inList = (list, node) => list === null || list.includes(node.name.value);

function cutDefinition(node) {
  const list = kept[node.name.value];
  const parts = ['fields', 'values', 'types'].filter((part) => node[part] !== undefined);
  const cut = Object.fromEntries(parts.map((part) => [part, node[part].filter((one) => inList(list, one))]));
  const interfaces = node.interfaces?.filter(({ name }) => name.value in kept);
  return { ...node, ...cut, ...(interfaces === undefined ? {} : { interfaces }), directives: [] };
}

const all = parse(readFileSync(source, 'utf8')).definitions;
const definitions = all.filter((node) => node.name !== undefined && node.name.value in kept).map(cutDefinition);
const bare = visit(
  { kind: Kind.DOCUMENT, definitions },
  { enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined) },
);
const head = '# From @octokit/graphql-schema 15.26.1 (MIT licence), cut by scripts/cut-graphql.mjs; do not edit.\n';
writeFileSync(new URL('../testbed/github/schema-cut.graphql', import.meta.url), `${head}\n${print(bare)}\n`);
