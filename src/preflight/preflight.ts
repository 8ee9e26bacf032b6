// What is looked at beside a run that has been let in: the rights of our token, the default branch, the checkout.
import type { GitHub, Reporter } from '../ports.ts';
import { isRunError } from '../errors.ts';
import { branchWarning } from './branch-warning.ts';
import { credentialWarning, type ConfigText } from './credential-warning.ts';

export interface PreflightInput {
  /** Null: it is asked for. */
  readonly defaultBranch: string | null;
  /** Of the branches that will be pushed. */
  readonly branchPrefix: string;
  /** True when branches are pushed and a pull request is opened. */
  readonly builds: boolean;
}

export interface PreflightDeps {
  readonly github: Pick<GitHub, 'defaultBranch' | 'branchGuard' | 'checkRights'>;
  readonly reporter: Reporter;
  /** The checkout's git configuration; null where the checkout is a person's own. */
  readonly readConfig: (() => Promise<readonly ConfigText[]>) | null;
}

export interface Preflight {
  /** Rejects with the RunError of a right that our token lacks; an outage is none. */
  readonly rights: Promise<void>;
  /** All warnings are told. Never rejects. */
  readonly told: Promise<void>;
}

export const noPreflight: Preflight = { rights: Promise.resolve(), told: Promise.resolve() };

/** Begins when `begin` resolves to true; with false nothing is looked at. Each warning is told as soon as it is known. */
export function startPreflight(input: PreflightInput, begin: Promise<boolean>, deps: PreflightDeps): Preflight {
  const { github, reporter, readConfig } = deps;
  const branch = begin.then((yes) => (yes ? (input.defaultBranch ?? github.defaultBranch()) : null));
  const ours = `${input.branchPrefix}/check`;
  const rights = branch
    .then((base) => (base === null || !input.builds ? undefined : github.checkRights({ base, ours })))
    .catch(throwIfRefused);
  const tell = (message: string | null): void => {
    if (message !== null) reporter.emit({ type: 'warning', message });
  };
  // What cannot be asked is not warned of: only what was seen is said.
  const looked = [
    branch.then(async (name) => tell(name === null ? null : branchWarning(name, await github.branchGuard(name)))),
    begin.then(async (yes) => tell(yes && readConfig !== null ? credentialWarning(await readConfig()) : null)),
  ];
  const told = Promise.allSettled([...looked, rights]).then(() => undefined);
  return { rights, told };
}

/** Where GitHub did not answer, the work itself will tell. */
function throwIfRefused(error: unknown): void {
  const refusals: readonly string[] = ['github-permission', 'github-refused', 'github-bad-token'];
  if (isRunError(error) && refusals.includes(error.code)) throw error;
}
