import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';

const generated = ['action.yml', 'README.md', 'docs', 'examples', 'schema', '.github'];

function check(directory: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: directory }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

test('every generated file is fresh', async () => {
  expect(await check('.')).toEqual({ code: 0, output: '' });
});

describe('in a copy of the repository', () => {
  let copy: string;
  beforeEach(async () => {
    copy = await mkdtemp(join(tmpdir(), 'ai-implement-generate-'));
    const parts = [...generated, 'src', 'scripts', 'package.json', '.prettierrc.json', '.prettierignore'];
    for (const part of parts) await cp(part, join(copy, part), { recursive: true });
    await symlink(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
  });
  afterEach(async () => {
    await rm(copy, { recursive: true, force: true });
  });

  test('a changed default makes exactly the files stale that show it', async () => {
    const path = join(copy, 'src/config/schema.ts');
    const text = await readFile(path, 'utf8');
    const changed = text.replace('z.lte(16)), 3)', 'z.lte(16)), 4)');
    expect(changed).not.toBe(text);
    await writeFile(path, changed);
    const { code, output } = await check(copy);
    expect(code).toBe(1);
    expect(output.split('\n')[0]).toBe(
      'stale: action.yml, schema/orchestrator-config.schema.json, examples/orchestrator-config.json, README.md, docs/configuration.md',
    );
  });
});

describe('the JSON schema', () => {
  const accepts = async (value: unknown): Promise<boolean> => {
    const schema: unknown = JSON.parse(await readFile('schema/orchestrator-config.schema.json', 'utf8'));
    if (typeof schema !== 'object' || schema === null) throw new Error('the schema is no object');
    return new Ajv2020({ strict: false }).validate(schema, value);
  };

  test.each([
    [{}],
    [{ limits: { cost_limit_usd: null } }],
    [{ agents: { manager: { temperature: 0.7, max_tokens: 8000 } } }],
    [{ limits: { cost_limit: 5 } }],
    [{ coordination: { max_parallel: 0 } }],
    [{ agents: { 'Not an id': {} } }],
    [{ api_provider: 'openai' }],
  ])('judges %j as a run does', async (file) => {
    expect(await accepts(file)).toBe(runAccepts(file));
  });

  function runAccepts(file: unknown): boolean {
    try {
      loadConfig({ fileText: JSON.stringify(file), filePath: 'f', agentFiles: [], inputs: {} });
      return true;
    } catch {
      return false;
    }
  }
});

test('an input that the configuration file can set has no default in action.yml, which would hide the file', async () => {
  const action: unknown = parse(await readFile('action.yml', 'utf8'));
  expect(action).toMatchObject({
    inputs: {
      'cost-limit-usd': { default: '' },
      label: { default: '' },
      'github-token': { default: '${{ github.token }}' },
    },
    runs: { using: 'node24', main: 'dist/action.cjs' },
  });
});
