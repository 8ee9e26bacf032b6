import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { inputNames } from '../../src/config/inputs.ts';

const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const jobSchema = z.object({
  permissions: z.record(z.string(), z.string()),
  'timeout-minutes': z.number(),
  steps: z.array(stepSchema),
});
const workflowSchema = z.object({ permissions: z.strictObject({}), jobs: z.record(z.string(), jobSchema) });

const folder = '.github/workflows';
const examples = ['examples/ai-implement.yml', 'examples/ai-implement-single-job.yml'];
const paths = [...(await readdir(folder)).map((name) => join(folder, name)), ...examples];
const workflows = await Promise.all(
  paths.map(async (path) => {
    const text = await readFile(path, 'utf8');
    return { path, text, ...workflowSchema.parse(parse(text)) };
  }),
);
const steps = workflows.flatMap(({ path, jobs }) =>
  Object.values(jobs).flatMap((job) => job.steps.map((step) => ({ path, ...step }))),
);

test('every action of others is pinned by commit, with its version beside it', () => {
  for (const { path, text } of workflows) {
    for (const [line, reference] of text.matchAll(/^ *-? *uses: *(\S+).*$/gm)) {
      if (reference === './' || reference?.startsWith('ai-implement/ai-implement@')) continue;
      expect(`${path}: ${line}`).toMatch(/uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  }
});

test('no expression stands in a shell script', () => {
  for (const { path, run = '' } of steps) expect(`${path}: ${run}`).not.toContain('${{');
});

test('no checkout leaves a credential behind', () => {
  const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
  expect(checkouts.length).toBeGreaterThan(0);
  for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
});

test('our own step gives only inputs that exist', () => {
  const own = steps.filter(({ uses }) => uses === './' || uses?.startsWith('ai-implement/'));
  expect(own).toHaveLength(7);
  for (const step of own) expect(inputNames).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
});

const permissionsOf = (path: string) => {
  const jobs = workflows.find((workflow) => workflow.path === path)?.jobs ?? {};
  return Object.fromEntries(Object.entries(jobs).map(([id, { permissions }]) => [id, permissions]));
};

test('of two jobs, the one with the agents and the key may write to issues alone', () => {
  const writing = { contents: 'write', issues: 'write', 'pull-requests': 'write' };
  const jobs = {
    agent: { contents: 'read', issues: 'write', 'pull-requests': 'read' },
    publish: writing,
    stop: writing,
  };
  expect(permissionsOf('examples/ai-implement.yml')).toEqual(jobs);
  expect(permissionsOf('.github/workflows/ai-implement.yml')).toEqual(jobs);
  expect(permissionsOf('examples/ai-implement-single-job.yml')).toEqual({ implement: writing });
});

test('the key is given to no job that may write contents, where there are two', () => {
  const example = workflows.find(({ path }) => path === 'examples/ai-implement.yml');
  const withKey = Object.entries(example?.jobs ?? {}).filter(([, job]) => JSON.stringify(job).includes('secrets.'));
  expect(withKey.map(([id]) => id)).toEqual(['agent']);
});
