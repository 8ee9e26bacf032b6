import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shimOf } from '../../src/sandbox/package-manager-shims.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'shims-'));
  writeFileSync(join(directory, 'pnpm-stand-in'), shimOf('pnpm'), { mode: 0o755 });
  const scripts = { test: 'pnpm-stand-in lint && echo tested', lint: 'echo linted', say: 'printf "<%s>" ' };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'a', version: '1.0.0', scripts }));
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(directory, 'node_modules/.bin/local-tool'), '#!/bin/sh\necho local "$@"\n', { mode: 0o755 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const pnpm = (...args: readonly string[]) =>
  spawnSync('pnpm-stand-in', args, {
    cwd: directory,
    env: { PATH: `${process.env['PATH'] ?? ''}:${directory}`, HOME: directory },
    encoding: 'utf8',
  });

test('a script runs, and the scripts that it calls in turn', () => {
  expect(pnpm('test')).toMatchObject({ status: 0, stdout: 'linted\ntested\n' });
  expect(pnpm('run', 'lint').stdout).toBe('linted\n');
});

test('arguments reach the script as they are', () => {
  expect(pnpm('say', 'one two', '$HOME').stdout).toBe('<one two><$HOME>');
  expect(pnpm('run', 'say', '--', 'three').stdout).toBe('<three>');
});

test('asking for silence changes nothing', () => {
  expect(pnpm('-s', 'lint').stdout).toBe('linted\n');
  expect(pnpm('run', '--silent', 'lint').stdout).toBe('linted\n');
});

test('a local program runs, and a missing one fails without a download', () => {
  expect(pnpm('exec', 'local-tool', 'x').stdout).toBe('local x\n');
  expect(pnpm('no-such-program-anywhere').status).not.toBe(0);
});
