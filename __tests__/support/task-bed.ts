// Builds one task as a run does, on real git, real processes and the scripted model, for tests of `src/execute/`.
import { systemClock } from '../../src/adapters/system-clock.ts';
import { buildTask, type BuiltTask } from '../../src/execute/build-task.ts';
import type { BuildDeps, BuildInput } from '../../src/execute/work.ts';
import type { Limits } from '../../src/types.ts';
import { brokenBy } from '../../src/verify/compare.ts';
import { createFailsWithout } from '../../src/verify/fails-without.ts';
import { runChecks } from '../../src/verify/run-checks.ts';
import type { Script } from '../../testbed/model/script.ts';
import { planOf, taskOf } from './run-events.ts';
import { roleOf, startModelBed, userSays, type ModelBed } from './spine.ts';
import type { TreeBed } from './tree-bed.ts';

export interface Built {
  readonly bed: ModelBed;
  readonly task: BuiltTask;
}

export interface BuildOptions {
  readonly input?: Partial<BuildInput>;
  readonly limits?: Partial<Limits>;
  readonly help?: Partial<BuildDeps>;
}

/** The files that every tree of these tests begins with. */
export const taskFiles: Readonly<Record<string, string>> = {
  'src/a.txt': 'one\n',
  'lib/b.txt': 'two\n',
  '.github/workflows/ci.yml': 'on: push\n',
  'src/types.ts': 'export type A = 1;\n',
  // One failing test for each line of src/a.txt.
  'test/lines.test.mjs': `import test from 'node:test';
import { readFileSync } from 'node:fs';
for (const line of readFileSync('src/a.txt', 'utf8').trim().split('\\n')) test(line, () => { throw new Error('no'); });
`,
};

/** The task that is built: it owns `src/**` and is done when src/a.txt holds the word `new`. */
export const aTask = taskOf(1, {
  title: 'Change\n  a thing',
  owns: ['src/**'],
  acceptance: ['grep -q new src/a.txt'],
});

export const noLog = () => Promise.resolve(null);

/** Builds `aTask`, unless said otherwise; nobody helps its agent unless said. */
export async function buildWith(
  script: Script,
  trees: TreeBed,
  { input = {}, limits = {}, help = {} }: BuildOptions = {},
): Promise<Built> {
  const bed = await startModelBed(script, limits);
  const task = await buildTask(
    {
      task: aTask,
      role: roleOf('backend-dev'),
      plan: planOf([aTask], { contract: { summary: 'types', files: [{ path: 'src/types.ts', content: '' }] } }),
      branch: 'ai/agents/issue-1/backend-dev/task-001',
      baseCommit: trees.base,
      shared: userSays('The brief.'),
      before: [],
      baseline: [],
      briefed: false,
      diffPolicy: { protectedPaths: ['.github/**'], exclude: [], allowedRegistryHosts: [] },
      nonce: 'n0nce',
      maxTurns: 10,
      maxRetries: 2,
      reopened: null,
      resolves: null,
      turnsBefore: 0,
      ...input,
    },
    {
      ...bed,
      clock: systemClock,
      git: trees.store,
      trees: trees.trees,
      brokenBy,
      manager: roleOf('manager', { model: 'claude-opus-5-5' }),
      askManager: () => Promise.resolve(null),
      grantPaths: () => [],
      findBlocks: () => Promise.resolve([]),
      ...help,
      failsWithout: createFailsWithout({ trees: trees.trees, timeoutMs: 20_000, saveLog: noLog }),
      runAcceptance: (tree, { acceptance }) =>
        runChecks(
          acceptance.map((command) => ({ name: command, command })),
          { timeoutMs: 20_000, saveLog: noLog, run: (spec) => tree.run(spec) },
        ),
    },
  );
  return { bed, task };
}
