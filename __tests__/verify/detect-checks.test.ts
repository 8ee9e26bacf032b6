import { describe, expect, test } from '@jest/globals';
import { detectChecks } from '../../src/verify/detect-checks.ts';
import type { GivenChecks } from '../../src/verify/detect-checks.ts';

const detect = (files: Readonly<Record<string, string>>, given?: GivenChecks) =>
  detectChecks({ files: Object.keys(files), readFile: async (path) => files[path] ?? null }, given);

const manifest = (more: object): string => JSON.stringify({ name: 'sample', ...more });
const withDependency = { dependencies: { left: '1.0.0' } };

describe('node', () => {
  test('takes test, type check and lint scripts, and installs by the lockfile', async () => {
    const scripts = { test: 'jest', 'type-check': 'tsc --noEmit', lint: 'eslint .', build: 'tsc' };
    expect(await detect({ 'package.json': manifest({ scripts, ...withDependency }), 'package-lock.json': '' })).toEqual(
      {
        setup: 'npm ci',
        checks: [
          { name: 'test', command: 'npm test' },
          { name: 'typecheck', command: 'npm run type-check' },
          { name: 'lint', command: 'npm run lint' },
        ],
      },
    );
  });

  test.each(['ts:check', 'check:types', 'typecheck'])('takes %s for a type check', async (name) => {
    const { checks } = await detect({ 'package.json': manifest({ scripts: { [name]: 'tsc --noEmit' } }) });
    expect(checks).toEqual([{ name: 'typecheck', command: `npm run ${name}` }]);
  });

  test.each([
    ['npm install', {}, {}],
    ['pnpm install --frozen-lockfile', {}, { 'pnpm-lock.yaml': '' }],
    ['yarn install --frozen-lockfile', {}, { 'yarn.lock': '' }],
    ['yarn install --immutable', { packageManager: 'yarn@4.9.1' }, { 'yarn.lock': '' }],
    ['bun install --frozen-lockfile', {}, { 'bun.lock': '' }],
    ['pnpm install', { packageManager: 'pnpm@10.0.0' }, { 'package-lock.json': '' }],
  ])('installs with "%s"', async (setup, more, files) => {
    expect((await detect({ 'package.json': manifest({ ...withDependency, ...more }), ...files })).setup).toBe(setup);
  });

  test('installs nothing for a package without dependencies', async () => {
    const detected = await detect({
      'package.json': manifest({ scripts: { test: 'node --test' } }),
      'package-lock.json': '',
    });
    expect(detected).toEqual({ setup: null, checks: [{ name: 'test', command: 'npm test' }] });
  });

  test('installs for a workspace root, which has no dependencies of its own', async () => {
    const detected = await detect({
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'package-lock.json': '',
    });
    expect(detected.setup).toBe('npm ci');
  });

  test('passes over watchers and the placeholder that npm writes', async () => {
    const scripts = { test: 'jest --watchAll', 'test:ci': 'jest --ci', tsc: 'tsc --noEmit -w' };
    expect((await detect({ 'package.json': manifest({ scripts }) })).checks).toEqual([
      { name: 'test', command: 'npm run test:ci' },
    ]);
    const placeholder = { test: 'echo "Error: no test specified" && exit 1' };
    expect((await detect({ 'package.json': manifest({ scripts: placeholder }) })).checks).toEqual([]);
  });

  test('a package.json that is not JSON, or has odd fields, is no error', async () => {
    expect(await detect({ 'package.json': '{ broken' })).toEqual({ setup: null, checks: [] });
    expect(await detect({ 'package.json': '{"scripts": 3, "dependencies": []}' })).toEqual({ setup: null, checks: [] });
  });
});

describe('other ecosystems', () => {
  test('python with requirements', async () => {
    const files = { 'requirements.txt': 'flask', 'requirements-dev.txt': 'pytest', 'tests/test_app.py': '' };
    expect(await detect(files)).toEqual({
      setup:
        'python3 -m venv .venv && .venv/bin/python -m pip install --quiet pytest -r requirements.txt -r requirements-dev.txt || { code=$?; python3 -m venv --clear --system-site-packages .venv; exit $code; }',
      checks: [{ name: 'pytest', command: 'PYTHONPATH=. .venv/bin/python -m pytest' }],
    });
  });

  test('a python package with a test extra and the src layout', async () => {
    const pyproject = '[project]\nname = "app"\n[project.optional-dependencies]\ntest = ["pytest"]\n';
    const detected = await detect({ 'pyproject.toml': pyproject, 'src/app/main.py': '', 'tests/test_app.py': '' });
    expect(detected.setup).toMatch(/ pytest -e '\.\[test\]' \|\| /);
    expect(detected.checks[0]?.command).toBe('PYTHONPATH=.:src .venv/bin/python -m pytest');
  });

  test('python without test files has no check', async () => {
    expect((await detect({ 'pyproject.toml': '[project]\nname = "app"\n', 'app.py': '' })).checks).toEqual([]);
  });

  test('go, rust and make', async () => {
    expect((await detect({ 'go.mod': '', 'a.go': '' })).checks.map((check) => check.command)).toEqual([
      'go test ./...',
      'go vet ./...',
    ]);
    expect((await detect({ 'Cargo.toml': '' })).checks.map((check) => check.command)).toEqual(['cargo test']);
    expect((await detect({ Makefile: 'build:\n\ttrue\ntest: build\n\ttrue\n' })).checks).toEqual([
      { name: 'make test', command: 'make test' },
    ]);
  });

  test('make is asked only when nothing better was found', async () => {
    expect((await detect({ 'go.mod': '', Makefile: 'test:\n\tgo test\n' })).checks.map((check) => check.name)).toEqual([
      'go test',
      'go vet',
    ]);
    expect((await detect({ Makefile: 'test := 3\n' })).checks).toEqual([]);
  });
});

describe('folders', () => {
  const frontend = { 'frontend app/package.json': manifest({ scripts: { test: 'vitest run' }, ...withDependency }) };

  test('the root wins over what lies below it', async () => {
    const root = { 'package.json': manifest({ scripts: { test: 'npm test --workspaces' } }) };
    expect((await detect({ ...root, ...frontend })).checks).toEqual([{ name: 'test', command: 'npm test' }]);
  });

  test('where the root has nothing, each folder below it has its own', async () => {
    expect(await detect({ ...frontend, 'backend/go.mod': '', 'deep/down/go.mod': '' })).toEqual({
      setup: "(cd 'frontend app' && npm install)",
      checks: [
        { name: 'backend: go test', command: '(cd backend && go test ./...)' },
        { name: 'backend: go vet', command: '(cd backend && go vet ./...)' },
        { name: 'frontend app: test', command: "(cd 'frontend app' && npm test)" },
      ],
    });
  });
});

describe('configuration', () => {
  const files = { 'package.json': manifest({ scripts: { test: 'jest' }, ...withDependency }) };

  test('replaces what it gives and leaves the rest to detection', async () => {
    const checks = [{ name: 'all', command: 'make everything' }];
    expect(await detect(files, { setup: null, checks })).toEqual({ setup: 'npm install', checks });
    expect(await detect(files, { setup: 'make deps', checks: null })).toEqual({
      setup: 'make deps',
      checks: [{ name: 'test', command: 'npm test' }],
    });
  });

  test('an empty setup and an empty list mean none', async () => {
    expect(await detect(files, { setup: '', checks: [] })).toEqual({ setup: null, checks: [] });
  });
});
