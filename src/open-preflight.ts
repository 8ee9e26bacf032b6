// What is looked at beside a run that was let in, wired.
import type { GitHub, Reporter } from './ports.ts';
import type { ConfigText } from './preflight/credential-warning.ts';
import { startPreflight, type Preflight } from './preflight/preflight.ts';
import type { Trigger } from './types.ts';

export interface PreflightSubject {
  readonly trigger: Pick<Trigger, 'defaultBranch' | 'command'>;
  readonly branchPrefix: string;
  readonly github: GitHub | null;
  /** See `PreflightDeps`. */
  readonly readConfig: (() => Promise<readonly ConfigText[]>) | null;
}

/** Null where there is no GitHub to ask. */
export function openPreflight(
  { trigger, branchPrefix, github, readConfig }: PreflightSubject,
  admitted: Promise<boolean>,
  reporter: Reporter,
): Preflight | null {
  if (github === null) return null;
  const { defaultBranch = null, command } = trigger;
  const about = { defaultBranch, branchPrefix, builds: command === 'run' };
  const preflight = startPreflight(about, admitted, { github, reporter, readConfig });
  preflight.rights.catch(() => undefined); // Told where it is awaited.
  return preflight;
}
