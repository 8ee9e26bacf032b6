// What a run must know of the project before it starts: how to set it up, how to judge it, and how it stands now.
import type { AskDeps } from './agent/ask-model.ts';
import { quoted } from './agent/fence.ts';
import type { Config } from './config/config.ts';
import { contextPaths } from './config/config-paths.ts';
import type { DiffPolicy } from './policy/diff-policy.ts';
import { createPathMatcher } from './policy/match-paths.ts';
import type { CommandSpec, Git, Remember, Tree, Trees } from './ports.ts';
import { tellingLines } from './sandbox/test-output/telling-lines.ts';
import type { Base } from './trigger/choose-base.ts';
import type { Check, Task } from './types.ts';
import { createCommitChecker, type CommitChecker } from './verify/check-commit.ts';
import { detectChecks } from './verify/detect-checks.ts';
import { createFailsWithout, type FailsWithout } from './verify/fails-without.ts';
import { runChecks, type CheckSpec } from './verify/run-checks.ts';

export interface Project {
  readonly checks: readonly CheckSpec[];
  readonly setupCommand: string | null;
  /** Instruction and context files for the agents, and the commit that they are read from. */
  readonly contextPaths: readonly string[];
  readonly instructionsFrom: string;
  /** Protected paths that the repository has; folders that are protected whole stand for their files. */
  readonly protectedFound: readonly string[];
}

/** Configured commands where there are some, detected ones else. */
export async function readProject(
  { commit, pullRequest }: Pick<Base, 'commit' | 'pullRequest'>,
  checkout: { readonly commit: string },
  config: Config,
  git: Git,
): Promise<Project> {
  const pathsOf = async (of: string) => (await git.listFiles(of)).map((entry) => entry.path);
  // What a pull request says of how to work is no more than its text, until people have merged it.
  const instructionsFrom = pullRequest === null ? commit : checkout.commit;
  const files = await pathsOf(commit);
  const { setup, checks } = await detectChecks(
    { files, readFile: (path) => git.readFile(commit, path) },
    { setup: config.setupCommand, checks: config.checks },
  );
  return {
    checks,
    setupCommand: setup,
    contextPaths: contextPaths(instructionsFrom === commit ? files : await pathsOf(instructionsFrom)),
    instructionsFrom,
    protectedFound: protectedAmong(files, config.diffPolicy),
  };
}

/** More than these would cost every agent more than a refusal does. */
const maxProtectedNamed = 12;

function protectedAmong(files: readonly string[], { protectedPaths, exclude }: DiffPolicy): readonly string[] {
  const candidates = protectedPaths.filter((glob) => mayMatch(glob, files));
  const isProtected = createPathMatcher({ protectedPaths: candidates, exclude });
  const folders = candidates.flatMap((glob) => /^(?:\*\*\/)?([^*]+\/)\*\*$/.exec(glob)?.[1] ?? []);
  const named = files.filter((file) => isProtected(file)).map((file) => wholeFolder(file, folders) ?? file);
  return [...new Set(named)].slice(0, maxProtectedNamed);
}

/** The folder of a file that is protected whole; null where there is none. */
function wholeFolder(file: string, folders: readonly string[]): string | null {
  const folder = folders.find((one) => `/${file}`.includes(`/${one}`));
  return folder === undefined ? null : file.slice(0, `/${file}`.indexOf(`/${folder}`) + folder.length);
}

/**
 * False where no file holds the plain text of a glob. Making a matcher of each of thirty globs takes longer than all else
 * that a small repository is read for, and most of them match nothing.
 */
function mayMatch(glob: string, files: readonly string[]): boolean {
  if (/[\\{}()[\]!+@|?]/.test(glob)) return true;
  const texts = glob.split('*').map((part) => part.replace(/^\/|\/$/g, ''));
  return texts.every((text) => files.some((file) => file.includes(text)));
}

export interface PrepareDeps extends AskDeps {
  readonly git: Git;
  readonly trees: Trees;
  readonly saveLog: (name: string, text: string) => Promise<string | null>;
  /** Commands that ended before the run was killed are not run again; absent where runs are not recorded. */
  readonly remember?: Remember;
}

export interface Checking {
  /** The set-up is over: how it failed, in words; null where it did not. Rejects when it could not be begun. */
  readonly installed: Promise<string | null>;
  /** Checks on the base commit, before any change. */
  readonly baseline: Promise<readonly Check[]>;
  readonly checkCommit: CommitChecker;
  readonly runAcceptance: (tree: Tree, task: Task) => Promise<readonly Check[]>;
  readonly failsWithout: FailsWithout;
}

/** Starts the set-up at once, and the baseline after it. */
export function prepareChecks(commit: string, project: Project, config: Config, deps: PrepareDeps): Checking {
  const timeoutMs = config.checkTimeoutMs;
  const checkCommit = createCommitChecker({ ...deps, checks: project.checks, timeoutMs });
  const installed = setUp(commit, project, config, deps);
  const baseline = installed
    .then(() => checkCommit(commit, 'baseline', null))
    .then((checks) => warnOfMissing(checks, deps));
  return {
    installed,
    baseline,
    checkCommit,
    runAcceptance: (tree, task) => accept(tree, task, timeoutMs, deps),
    failsWithout: createFailsWithout({ ...deps, timeoutMs }),
  };
}

async function accept(tree: Tree, task: Task, timeoutMs: number, deps: PrepareDeps): Promise<readonly Check[]> {
  const specs = task.acceptance.map((command) => ({ name: command, command }));
  const run = () =>
    runChecks(specs, { timeoutMs, saveLog: deps.saveLog, run: (spec: CommandSpec) => tree.run(spec, deps.signal) });
  const checks = await (deps.remember?.(`acceptance ${task.id}`, run) ?? run());
  // Told when they are on record, as in a replay: what is told follows from answers.
  for (const check of checks) deps.reporter.emit({ type: 'check.ended', phase: 'task', taskId: task.id, check });
  return checks;
}

/** A check whose program is not there judges nothing: somebody has to know. */
function warnOfMissing(checks: readonly Check[], deps: PrepareDeps): readonly Check[] {
  for (const { command, exitCode } of checks.filter((check) => check.exitCode === 127)) {
    const message = `\`${command}\` cannot be run here (exit code ${exitCode}, command not found), so it judges nothing. Install what it needs in a step before this one, or set \`setup_command\` or \`checks\`.`;
    deps.reporter.emit({ type: 'warning', message });
  }
  return checks;
}

/**
 * Dependencies that are installed in the checkout are used; a configured command is run all the same, as it may do more.
 * A set-up that fails is told and not fatal: the checks then show what is missing, on the base and on the result alike.
 */
async function setUp(
  commit: string,
  { setupCommand }: Project,
  config: Config,
  deps: PrepareDeps,
): Promise<string | null> {
  if (setupCommand === null) return null;
  if (config.setupCommand === null && (await deps.trees.reuse(commit))) {
    deps.reporter.emit({ type: 'setup.ended', command: 'dependencies of the checkout', exitCode: 0, durationMs: 0 });
    return null;
  }
  const result = await deps.trees.setup(commit, setupCommand, config.checkTimeoutMs, deps.signal);
  if (result === null) return null;
  const { exitCode, durationMs } = result;
  deps.reporter.emit({ type: 'setup.ended', command: setupCommand, exitCode, durationMs });
  if (exitCode === 0 || deps.signal?.aborted === true) return null;
  const how = exitCode === null ? 'was stopped at its time limit' : `failed with exit code ${exitCode}`;
  deps.reporter.emit({
    type: 'warning',
    message:
      `The set-up command \`${setupCommand}\` ${how}; checks may fail for it. ` +
      'It reaches public package registries only, by way of a mirror: see `sandbox.network` in docs/configuration.md, and logs/network.log beside the journal.',
  });
  const line = tellingLines(result.output).at(-1);
  return line === undefined ? how : `${how}: ${quoted(line, 160)}`;
}
