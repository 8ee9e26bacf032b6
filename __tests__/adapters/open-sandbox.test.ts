// Opens sandboxes as they are opened in a job and at a terminal.
import { expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { openTestSandbox } from '../support/test-sandbox.ts';

test('a package script, whose folder is named in PATH and in variables of npm, has a sandbox', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'open-sandbox-'));
  const programs = join(directory, 'project', 'node_modules', '.bin');
  await mkdir(programs, { recursive: true });
  const env = {
    PATH: [programs, process.env['PATH']].join(delimiter),
    HOME: process.env['HOME'],
    INIT_CWD: join(directory, 'project'),
  };
  const sandbox = await openTestSandbox({ directory, toolhostPath: resolve('dist/toolhost.cjs'), env });
  expect(sandbox.facts.backend).not.toBe('off');
  expect(sandbox.env['PATH']).toContain(programs);
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
});
