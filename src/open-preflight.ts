// What is looked at beside a run that was let in, wired.
import { readCheckoutConfig } from './adapters/checkout-config.ts';
import type { RunError } from './errors.ts';
import type { GitHub, Reporter } from './ports.ts';
import { includedPaths, type ConfigText } from './preflight/credential-warning.ts';
import { startPreflight, type Preflight } from './preflight/preflight.ts';
import type { Trigger } from './types.ts';

export interface PreflightSubject {
  readonly trigger: Pick<Trigger, 'defaultBranch' | 'command'>;
  readonly branchPrefix: string;
  /** True where another job publishes: this one needs no right to. */
  readonly handsOver: boolean;
  readonly github: GitHub | null;
  /** See `PreflightDeps`. */
  readonly readConfig: (() => Promise<readonly ConfigText[]>) | null;
}

/** Null where there is no GitHub to ask. */
export function openPreflight(
  { trigger, branchPrefix, handsOver, github, readConfig }: PreflightSubject,
  admitted: Promise<boolean>,
  reporter: Reporter,
): Preflight | null {
  if (github === null) return null;
  const { defaultBranch = null, command } = trigger;
  const about = { defaultBranch, branchPrefix, builds: command === 'run' && !handsOver };
  const preflight = startPreflight(about, admitted, { github, reporter, readConfig });
  preflight.rights.catch(() => undefined); // Told where it is awaited.
  return preflight;
}

export interface PreflightInput {
  readonly trigger: PreflightSubject['trigger'];
  readonly config: { readonly branchPrefix: string };
  readonly problem: RunError | null;
  readonly jobGitDir?: string;
  readonly resultDir?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A run that cannot start is not looked at. */
export function preflightOf(
  { trigger, config, problem, jobGitDir: gitDir, resultDir, env }: PreflightInput,
  github: GitHub | null,
): PreflightSubject {
  const tempDir = env['RUNNER_TEMP'];
  const readConfig =
    gitDir === undefined || !tempDir ? null : () => readCheckoutConfig({ gitDir, tempDir, includedPaths });
  const handsOver = resultDir !== undefined;
  const { branchPrefix } = config;
  return { trigger, branchPrefix, handsOver, github: problem === null ? github : null, readConfig };
}
