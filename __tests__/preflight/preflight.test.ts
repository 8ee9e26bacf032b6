import { describe, expect, test } from '@jest/globals';
import { RunError } from '../../src/errors.ts';
import type { BranchGuard } from '../../src/ports.ts';
import { branchWarning } from '../../src/preflight/branch-warning.ts';
import { startPreflight, type PreflightDeps } from '../../src/preflight/preflight.ts';
import { runnerProblem } from '../../src/preflight/runner-problem.ts';
import { recordedReporter } from '../support/spine.ts';

const guarded: BranchGuard = { isProtected: true, rules: [] };

function start(over: Partial<PreflightDeps['github']> = {}, more: { builds?: boolean; begins?: boolean } = {}) {
  const asked: string[] = [];
  const reporter = recordedReporter();
  const github = {
    defaultBranch: () => (asked.push('defaultBranch'), Promise.resolve('trunk')),
    branchGuard: (branch: string) => (asked.push(`guard ${branch}`), Promise.resolve(guarded)),
    checkRights: ({ base, ours }: { base: string; ours: string }) => (
      asked.push(`rights ${base} ${ours}`),
      Promise.resolve()
    ),
    ...over,
  };
  const header = '[http "x"]\n\textraheader = AUTHORIZATION: basic eA==\n';
  const readConfig = () => (asked.push('config'), Promise.resolve([{ name: '.git/config', text: header }]));
  const input = { defaultBranch: null, branchPrefix: 'ai', builds: more.builds ?? true };
  const preflight = startPreflight(input, Promise.resolve(more.begins ?? true), { github, reporter, readConfig });
  return { ...preflight, asked, warnings: () => reporter.of('warning').map(({ message }) => message) };
}

describe('beside a run', () => {
  test('rights, branch and checkout are looked at, and what was seen is told', async () => {
    const { rights, told, asked, warnings } = start();
    await Promise.all([rights, told]);
    expect(asked.sort()).toEqual(['config', 'defaultBranch', 'guard trunk', 'rights trunk ai/check']);
    expect(warnings()).toEqual([expect.stringContaining('persist-credentials: false')]);
  });

  test('nothing is asked for a run that was not let in', async () => {
    const { rights, told, asked, warnings } = start({}, { begins: false });
    await Promise.all([rights, told]);
    expect([asked, warnings()]).toEqual([[], []]);
  });

  test('a plan needs no rights to push', async () => {
    const { rights, told, asked } = start({}, { builds: false });
    await Promise.all([rights, told]);
    expect(asked.sort()).toEqual(['config', 'defaultBranch', 'guard trunk']);
  });

  test('a right that is missing ends the run, an outage does not, and neither hides a warning', async () => {
    const lacking = new RunError('github-permission', { action: 'push branches', permission: 'contents: write' });
    const first = start({ checkRights: () => Promise.reject(lacking) });
    await expect(first.rights).rejects.toBe(lacking);
    await first.told;
    expect(first.warnings()).toHaveLength(1);
    const out = new RunError('github-unavailable', { detail: '502' });
    const second = start({ checkRights: () => Promise.reject(out), branchGuard: () => Promise.reject(out) });
    await second.rights;
    await second.told;
    expect(second.warnings()).toHaveLength(1);
  });
});

describe('the default branch', () => {
  test.each<[BranchGuard, boolean]>([
    [{ isProtected: true, rules: [] }, false],
    [{ isProtected: false, rules: ['pull_request'] }, false],
    [{ isProtected: false, rules: ['update'] }, false],
    [{ isProtected: false, rules: [] }, true],
    [{ isProtected: false, rules: ['deletion', 'non_fast_forward'] }, true],
  ])('%j is warned of: %s', (guard, warns) => {
    expect(branchWarning('main', guard) === null).toBe(!warns);
  });

  test('is said to show no protection, not to have none', () => {
    expect(branchWarning('main', { isProtected: false, rules: [] })).toContain(
      '`main` shows no protection to our token',
    );
  });
});

describe('the runner', () => {
  const runner = { environment: 'self-hosted', isPrivate: false, isEphemeral: false };

  test('of one’s own is refused for a repository that everybody can see', () => {
    expect(runnerProblem(runner)).toMatchObject({ code: 'runner-not-ephemeral' });
    expect(runnerProblem({ ...runner, isPrivate: undefined })).toMatchObject({ code: 'runner-not-ephemeral' });
  });

  test.each([{ environment: 'github-hosted' }, { environment: undefined }, { isPrivate: true }, { isEphemeral: true }])(
    'with %j is taken',
    (over) => {
      expect(runnerProblem({ ...runner, ...over })).toBeNull();
    },
  );
});
