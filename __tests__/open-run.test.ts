import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../src/adapters/git-source.ts';
import { openRun, type OpenedRun } from '../src/open-run.ts';
import { git, makeRepository, writeFiles, type Files } from './adapters/git-bed.ts';

const opened: { directory: string; run: OpenedRun }[] = [];
afterEach(async () => {
  for (const { directory, run } of opened.splice(0)) {
    run.git.close();
    await rm(directory, { recursive: true, force: true });
  }
});

async function open(files: Files | null, inputs: Readonly<Record<string, string>> = {}, uncommitted: Files = {}) {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'open-run-')));
  const checkout = join(directory, 'checkout');
  if (files === null) git(directory, 'init', '--quiet', '--initial-branch=main', checkout);
  else await makeRepository(checkout, files);
  await writeFiles(checkout, uncommitted);
  const source = await openSource(checkout);
  const remote = { kind: 'local', gitDir: source.gitDir, has: [] } as const;
  const run = await openRun(source, { directory: join(directory, 'store'), remote, inputs });
  opened.push({ directory, run });
  return run;
}

describe('opening a checkout', () => {
  test('reads the configuration of its commit, agents of their own included', async () => {
    const run = await open({
      'orchestrator-config.json': '{ "branch_prefix": "bots", "limits": { "max_api_calls": 7 } }',
      '.ai-agents/agents/poet.md': '---\nspecialties: [rhymes]\n---\nWrite verses.\n',
    });
    expect(run).toMatchObject({ problem: null, config: { branchPrefix: 'bots', limits: { maxApiCalls: 7 } } });
    expect(run.config.roles).toContainEqual(expect.objectContaining({ id: 'poet', instructions: 'Write verses.' }));
    expect(run.commit).toMatch(/^[0-9a-f]{40}$/);
  });

  test('never reads what is not committed', async () => {
    const run = await open({ 'a.txt': 'a\n' }, {}, { 'orchestrator-config.json': '{ "branch_prefix": "evil" }' });
    expect(run).toMatchObject({ problem: null, config: { branchPrefix: 'ai' } });
  });

  test('without a commit has the default configuration, and says what is missing', async () => {
    const run = await open(null);
    expect(run).toMatchObject({ commit: null, problem: { code: 'repository-empty' }, config: { branchPrefix: 'ai' } });
  });

  test('with a broken configuration says all that is wrong, and goes on with the default', async () => {
    const run = await open({
      'orchestrator-config.json': '{ "branch_prefix": 7, "limits": { "max_api_calls": "many" } }',
    });
    expect(run).toMatchObject({ problem: { code: 'config-invalid' }, config: { branchPrefix: 'ai' } });
    expect(run.problem?.message).toContain('branch_prefix');
    expect(run.problem?.message).toContain('max_api_calls');
  });
});
