// The rules of who may import whom hold on src, and each of them is awake: a planted violation is found.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly rule: { readonly name: string }; readonly from: string }[];
  };
}

/** Runs the command line of dependency-cruiser on `src` of a directory. */
async function cruise(directory: string): Promise<string[]> {
  const args = ['src', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'];
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const output = await new Promise<string>((done, failed) => {
    execFile(process.execPath, [program, ...args], { cwd: directory, maxBuffer: 256 * 1024 * 1024 }, (error, stdout) =>
      // It ends with the number of violations; without output it did not run.
      stdout === '' ? failed(error ?? new Error('no output')) : done(stdout),
    );
  });
  const report: Report = JSON.parse(output);
  return report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

test('src keeps every rule', async () => {
  expect(await cruise('.')).toEqual([]);
});

describe('in a copy with violations', () => {
  let copy: string;
  let found: readonly string[];

  const planted: readonly (readonly [rule: string, path: string, code: string])[] = [
    ['no-cycles', 'src/money/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n"],
    ['base-imports-base', 'src/errors.ts', "import { noUsage } from './money/usage.ts';\nexport const x = noUsage;\n"],
    [
      'stages-meet-in-run',
      'src/plan/x.ts',
      "import type { Owner } from '../integrate/land-task.ts';\nexport type X = Owner;\n",
    ],
    [
      'below-the-stages',
      'src/agent/x.ts',
      "import { drawTree } from '../plan/draw-tree.ts';\nexport const x = drawTree;\n",
    ],
    [
      'only-entries-import-adapters',
      'src/verify/x.ts',
      "import { systemClock } from '../adapters/system-clock.ts';\nexport const x = systemClock;\n",
    ],
    [
      'adapters-import-base',
      'src/adapters/x.ts',
      "import { systemPrompt } from '../agent/system-prompt.ts';\nexport const x = systemPrompt;\n",
    ],
    [
      'nobody-imports-entries',
      'src/report/x.ts',
      "import * as action from '../action.ts';\nexport const x = action;\n",
    ],
    [
      'effects-only-in-adapters',
      'src/publish/x.ts',
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    ],
    [
      'sdks-only-in-adapters',
      'src/journal/x.ts',
      "import Anthropic from '@anthropic-ai/sdk';\nexport const x = Anthropic;\n",
    ],
    [
      'product-never-imports-its-test-bed',
      'src/config/x.ts',
      "import { say } from '../../testbed/model/script.ts';\nexport const x = say;\n",
    ],
  ];

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'boundaries-'));
    for (const name of ['src', 'testbed', 'package.json', 'tsconfig.json', '.dependency-cruiser.mjs']) {
      await cp(name, join(copy, name), { recursive: true });
    }
    await symlink(resolve('node_modules'), join(copy, 'node_modules'));
    for (const [, path, code] of planted) await writeFile(join(copy, path), code);
    await writeFile(join(copy, 'src/money/b.ts'), "import { a } from './a.ts';\nexport const b = () => a;\n");
    found = await cruise(copy);
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  test.each(planted)('%s finds %s', (rule, path) => {
    expect(found).toContain(`${rule}: ${path}`);
  });
});
