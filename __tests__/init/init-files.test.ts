import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { configFilePath, contextPaths } from '../../src/config/config-paths.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { runInit } from '../../src/cli-init.ts';
import { initFiles } from '../../src/init/init-files.ts';

const load = (fileText: string | null) =>
  loadConfig({ fileText, filePath: 'orchestrator-config.json', agentFiles: [], inputs: {} });
const contentOf = (path: string): string => initFiles().find((file) => file.path === path)?.content ?? '';
const configContent = contentOf('orchestrator-config.json');

describe('the written configuration', () => {
  test('loads without a problem or warning and changes nothing', () => {
    expect(load(configContent)).toEqual(load(null));
  });

  test('still loads when every line that is commented out is put in', () => {
    const all = configContent.replace(/^( *)\/\/ (?=["[\]{}]| +["{}\]])/gm, '$1');
    const { config, warnings } = load(all);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({ setupCommand: 'npm ci', baseBranch: 'main', label: 'ai-implement' });
    expect(config.roles.map((role) => role.id)).toContain('data-engineer');
    expect(Object.keys(config.prices)).toEqual(['my-model']);
  });

  test('is the one shown as an example, and so is the workflow', async () => {
    expect(await readFile('examples/orchestrator-config.json', 'utf8')).toBe(configContent);
    const workflow = '.github/workflows/ai-implement.yml';
    expect(await readFile('examples/ai-implement.yml', 'utf8')).toBe(contentOf(workflow));
    const single = initFiles({ singleJob: true }).find(({ path }) => path === workflow);
    expect(await readFile('examples/ai-implement-single-job.yml', 'utf8')).toBe(single?.content);
  });
});

describe('init', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ai-implement-init-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  test('writes files that a run then finds, and says which secret to set', async () => {
    const said = await runInit({ directory, force: false, action: 'acme/ai-implement@v1' });
    const paths = initFiles().map((file) => file.path);
    for (const path of paths) expect(said).toContain(`wrote  ${path}\n`);
    expect(said).toContain('gh secret set ANTHROPIC_API_KEY');
    expect(configFilePath(paths)).toBe('orchestrator-config.json');
    expect(contextPaths(paths)).toHaveLength(3);
    const workflow = await readFile(join(directory, '.github/workflows/ai-implement.yml'), 'utf8');
    expect(workflow).toContain('- uses: acme/ai-implement@v1\n');
    expect(workflow).toContain('\n  publish:\n    needs: agent\n');
  });

  test('writes one job where that is wished', async () => {
    await runInit({ directory, force: false, singleJob: true });
    const workflow = await readFile(join(directory, '.github/workflows/ai-implement.yml'), 'utf8');
    expect(workflow).toContain('\n  implement:\n');
    expect(workflow).not.toContain('publish:');
  });

  test('keeps what is there and says so, unless forced', async () => {
    const path = join(directory, 'orchestrator-config.json');
    await writeFile(path, '{}');
    expect(await runInit({ directory, force: false })).toContain('kept   orchestrator-config.json');
    expect(await readFile(path, 'utf8')).toBe('{}');
    expect(await runInit({ directory, force: true })).not.toContain('kept');
    expect(await readFile(path, 'utf8')).toBe(configContent);
  });

  test('writes no second configuration beside one at the other place, even when forced', async () => {
    await mkdir(join(directory, '.ai-agents'));
    await writeFile(join(directory, '.ai-agents/orchestrator-config.json'), '{}');
    expect(await runInit({ directory, force: true })).toContain('kept   orchestrator-config.json');
    await expect(readFile(join(directory, 'orchestrator-config.json'))).rejects.toThrow('ENOENT');
  });
});
