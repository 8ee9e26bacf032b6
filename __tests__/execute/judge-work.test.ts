import { describe, expect, test } from '@jest/globals';
import { acceptanceFault, isAccepted, ownershipFault, pathFaults, policyFault } from '../../src/execute/judge-work.ts';
import { brokenBy } from '../../src/verify/compare.ts';
import { checkOf, fileOf, taskOf } from '../support/run-events.ts';

const rules = {
  task: taskOf(1, { owns: ['src/**', 'app/[id]/**', '.config/*'] }),
  contractPaths: ['src/types.ts'],
  diffPolicy: { protectedPaths: ['**/AGENTS.md', '.github/**'], exclude: ['docs/AGENTS.md'], allowedRegistryHosts: [] },
};
const foul = (...paths: readonly string[]) =>
  pathFaults(
    paths.map((path) => fileOf(path)),
    rules,
  ).map(({ path }) => path);

describe('changed paths', () => {
  test('that the task owns are its own, brackets and dots included', () => {
    expect(foul('src/a.ts', 'src/deep/.hidden', 'app/[id]/page.tsx', '.config/x')).toEqual([]);
  });

  test('elsewhere, of the contract and protected ones are not', () => {
    const paths = ['lib/a.ts', 'src/types.ts', 'src/AGENTS.md', '.github/workflows/ci.yml'];
    expect(foul('src/a.ts', ...paths)).toEqual(paths);
  });

  test('count on both sides of a rename', () => {
    const moved = fileOf('src/ci.yml', { status: 'renamed', previousPath: '.github/workflows/ci.yml' });
    expect(pathFaults([moved], rules)).toEqual([
      { path: '.github/workflows/ci.yml', reason: 'it is protected; only people change it' },
    ]);
  });

  test('that are protected are so in any spelling, and open where the configuration says so', () => {
    expect(foul('src/Agents.MD', 'src/agents\u200d.md')).toEqual(['src/Agents.MD', 'src/agents\u200d.md']);
    const docs = { ...rules, task: taskOf(1, { owns: ['docs/**'] }) };
    expect(pathFaults([fileOf('docs/AGENTS.md'), fileOf('docs/agents.md')], docs)).toEqual([
      { path: 'docs/agents.md', reason: 'it is protected; only people change it' },
    ]);
  });

  test('are told to the agent one by one, and to the run in one line', () => {
    const faults = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, reason: 'not yours' }));
    const fault = ownershipFault(faults);
    expect(fault?.detail).toBe('not its own to change: a, b, c and 2 more');
    expect(fault?.told).toContain('- e: not yours');
    expect(ownershipFault([])).toBeNull();
  });
});

describe('what the diff policy blocks', () => {
  test('is told to the agent with its place and what to do, and to the run in one line', () => {
    const fault = policyFault([
      { rule: 'secret', path: 'src/a.js', line: 7, words: 'It holds what looks like a secret (x).' },
      { rule: 'too-many-files', path: '', line: null, words: 'The change has 101 files; at most 100 are published.' },
    ]);
    expect(fault?.detail).toBe('not fit to be published: src/a.js, too-many-files');
    expect(fault?.told).toContain('\n- src/a.js:7: It holds what looks like a secret (x). Take it out;');
    expect(fault?.told).toContain(
      '\n- The change has 101 files; at most 100 are published. Take out what is generated',
    );
    expect(policyFault([])).toBeNull();
  });
});

describe('an acceptance command', () => {
  const failing = (failures: readonly string[], exitCode: number | null = 1) =>
    checkOf({ name: 'npm test', command: 'npm test', exitCode, failures });
  const base = (failures: readonly string[], exitCode = 1) => [
    checkOf({ name: 'test', command: 'npm test', exitCode, failures }),
  ];
  const accepted = (...args: readonly [ReturnType<typeof failing>, ReturnType<typeof base>]) =>
    isAccepted(...args, brokenBy);

  test('that passes is accepted', () => {
    expect(accepted(failing([], 0), [])).toBe(true);
  });

  test('that fails only where the base failed is accepted', () => {
    expect(accepted(failing(['old']), base(['old', 'older']))).toBe(true);
  });

  test('that fails in anything new is not', () => {
    expect(accepted(failing(['old', 'new']), base(['old']))).toBe(false);
    expect(accepted(failing(['old']), base([], 0))).toBe(false);
  });

  test('is not accepted where nobody knows which tests failed', () => {
    expect(accepted(failing([]), base([]))).toBe(false);
    expect(accepted(failing(['old']), base([]))).toBe(false);
    expect(accepted(failing([], null), base(['old']))).toBe(false);
  });

  test('that the base was not judged by has to pass', () => {
    const other = checkOf({ name: 'x', command: 'node --test a.js', exitCode: 1, failures: ['old'] });
    expect(accepted(other, base(['old']))).toBe(false);
  });

  test('is told to the agent with its output, and to the run in one line', () => {
    const check = checkOf({ command: 'npm test --\n  --all', exitCode: null, outputTail: 'line 1\nline 2' });
    const fault = acceptanceFault([failing(['a', 'b\nc', 'd', 'e']), check], [check.command]);
    expect(fault?.detail).toBe(
      'npm test: exit code 1 (failing: a, b c, d and 1 more); npm test -- --all: killed at its time limit',
    );
    expect(fault?.told).toContain(
      '`npm test --\n  --all` failed (killed at its time limit). Run without your change it fails in the same way.',
    );
    expect(fault?.told).toMatch(/\nline 1\nline 2$/);
    expect(acceptanceFault([], [])).toBeNull();
  });
});
