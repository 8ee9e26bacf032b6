// Every workflow we ship or run, and action.yml: right by GitHub's own parser, by actionlint, and by our rules.
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { actionlintFindings, githubFindings, type YamlFile } from './linters.ts';
import { policyBreaches } from './policy.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const namesIn = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, root)).filter((name) => /\.ya?ml$/.test(name));

const action: YamlFile = { path: 'action.yml', content: read('action.yml') };
const policy = { ownAction: 'ai-implement/ai-implement', inputs: Object.keys(Object(parse(action.content)).inputs) };
const workflows: readonly YamlFile[] = ['examples/', '.github/workflows/'].flatMap((folder) =>
  namesIn(folder).map((name) => ({
    path: `.github/workflows/${folder === 'examples/' ? 'example-' : ''}${name}`,
    content: read(folder + name),
  })),
);

const badWorkflow: YamlFile = {
  path: '.github/workflows/bad.yml',
  content: `on:
  issues: { types: [labelled] }
jobs:
  a:
    runs-on: ubuntu-latest
    if: github.evnt.issue && needs.b.result == 'x'
    steps:
      - run: echo \${{ github.event.issue.title }}
      - use: ./action
`,
};
const badAction: YamlFile = {
  path: 'bad/action.yml',
  content: 'name: x\ndescription: y\nruns:\n  using: node18\n  main: a.js\ninput:\n  a: {}\n',
};

describe("by GitHub's own language service", () => {
  let findings: Readonly<Record<string, readonly string[]>>;
  beforeAll(async () => {
    findings = await githubFindings([action, ...workflows, badWorkflow, badAction]);
  });

  test.each([action, ...workflows].map(({ path }) => path))('%s is right', (path) => {
    expect(findings[path]).toEqual([]);
  });

  test('a wrong workflow and a wrong action are found out', () => {
    const text = (path: string): string => (findings[path] ?? []).join('\n');
    expect(text(badWorkflow.path)).toMatch(/labelled/);
    expect(text(badWorkflow.path)).toMatch(/evnt/);
    expect(text(badWorkflow.path)).toMatch(/invalid: b$/m);
    expect(text(badWorkflow.path)).toMatch(/'use'/);
    expect(text(badAction.path)).toMatch(/node18/);
    expect(text(badAction.path)).toMatch(/input/);
  });
});

test('actionlint finds nothing in our workflows, and the faults of a bad one', async () => {
  const findings = await actionlintFindings([...workflows, badWorkflow]);
  expect(findings.filter((line) => !line.includes('bad.yml'))).toEqual([]);
  expect(findings.join('\n')).toMatch(/labelled/);
  expect(findings.join('\n')).toMatch(/potentially untrusted/);
});

describe('by our rules', () => {
  test.each(workflows.map(({ path, content }) => [path, content]))('%s is right', (_, content) => {
    expect(policyBreaches(content, policy)).toEqual([]);
  });

  test('all of them run only actions whose version is told beside the commit', () => {
    const lines = workflows
      .flatMap(({ content }) => content.split('\n'))
      .filter((line) => /uses: .*@[0-9a-f]{40}/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => !/# v\d+(\.\d+)*$/.test(line))).toEqual([]);
  });
});

const good = {
  on: 'push',
  permissions: {},
  jobs: { a: { 'runs-on': 'x', permissions: { contents: 'read' }, 'timeout-minutes': 5, steps: [{ run: 'echo' }] } },
};
const withStep = (step: unknown): unknown => ({ ...good, jobs: { a: { ...good.jobs.a, steps: [step] } } });
const withJob = (change: unknown): unknown => ({ ...good, jobs: { a: { ...good.jobs.a, ...Object(change) } } });
const checkout = `actions/checkout@${'0'.repeat(40)}`;

describe('our rules', () => {
  test.each([
    ['nothing', good, null],
    ['a trigger on a stranger’s code', { ...good, on: ['pull_request_target'] }, /stranger/],
    ['no permissions', { ...good, permissions: undefined }, /the workflow does not say/],
    ['no permissions of a job', withJob({ permissions: undefined }), /job a does not say/],
    ['all permissions', withJob({ permissions: 'write-all' }), /write-all/],
    ['no time limit', withJob({ 'timeout-minutes': undefined }), /timeout-minutes/],
    ['all secrets', withJob({ secrets: 'inherit' }), /secrets/],
    ['a tag for a commit', withStep({ uses: 'foo/bar@v1' }), /pinned/],
    ['a tag for a commit of a name like ours', withStep({ uses: 'ai-implement/ai-implement-x@v1' }), /pinned/],
    ['a token left behind', withStep({ uses: checkout }), /\.git\/config/],
    ['no token left behind', withStep({ uses: checkout, with: { 'persist-credentials': false } }), null],
    ['a title in a shell', withStep({ run: 'echo "${{ github.event.issue.title }}"' }), /goes into a script/],
    [
      'an input in a script',
      withStep({ uses: checkout, with: { script: 'x(${{ inputs.a }})', 'persist-credentials': false } }),
      /script/,
    ],
    ['a secret in an environment', withStep({ run: 'x', env: { A: '${{ github.event.issue.title }}' } }), null],
    ['a shared machine', withJob({ 'runs-on': ['self-hosted'] }), /shares its machine/],
    ['the name of an actor', withJob({ if: "github.actor == 'dependabot[bot]'" }), /name of an actor/],
    ['a text inside of another', withStep({ uses: './', if: "contains('a b', github.ref)" }), /inside of another/],
    ['all secrets at once', withStep({ run: 'x', env: { A: '${{ toJSON(secrets) }}' } }), /all secrets/],
    ['one secret', withStep({ run: 'x', env: { A: '${{ secrets.A }}' } }), null],
    ['a changed environment', withStep({ run: 'echo A=1 >> "$GITHUB_ENV"' }), /later steps/],
    [
      'a cache',
      withStep({ uses: `actions/cache@${'0'.repeat(40)}`, with: { path: 'x' } }),
      /cache that other branches read/,
    ],
    ['a cache of another action', withStep({ uses: `a/setup@${'0'.repeat(40)}`, with: { cache: 'npm' } }), /cache/],
    ['our action by its tag', withStep({ uses: 'ai-implement/ai-implement@v0' }), null],
    ['an input we do not have', withStep({ uses: './', with: { 'api-kee': 'x' } }), /no input api-kee/],
  ])('find %s', (_, workflow, expected) => {
    const breaches = policyBreaches(JSON.stringify(workflow), policy);
    if (expected === null) expect(breaches).toEqual([]);
    else expect(breaches).toEqual([expect.stringMatching(expected)]);
  });
});
