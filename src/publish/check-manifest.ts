// Is what was handed over for this repository, this request and this run, and does it belong where it says? Judged by what
// the publishing job knows by itself.
import { RunError } from '../errors.ts';
import type { Manifest } from './manifest.ts';

/** What the publishing job has found out, without a look into the manifest. */
export interface Known {
  readonly repository: string;
  readonly subject: string;
  /** Of this attempt of the workflow run, and of those before it: one may have run the agents. */
  readonly runIds: readonly string[];
  readonly branchPrefix: string;
  readonly base: {
    /** Head of the pull request that is gone on with; else of the checkout. */
    readonly commit: string;
    readonly baseBranch: string;
    /** Where the result goes. */
    readonly branch: string;
    /** What that branch points at now. */
    readonly expected: string | null;
    readonly pullRequest: { readonly number: number } | null;
  };
}

/** @throws RunError `handover-refused`; `push-refused` where a branch has moved since the agents' job looked */
export function checkManifest(manifest: Manifest, known: Known): void {
  const { base } = known;
  const isThere = isPublished(manifest, base);
  const problem =
    differs('the repository', manifest.repository, known.repository) ??
    differs('the request', manifest.subject, known.subject) ??
    differs('the run', manifest.runId, ...known.runIds) ??
    differs('the base branch', manifest.base.branch, base.baseBranch) ??
    (isThere ? null : differs('the pull request', manifest.base.continues, base.pullRequest?.number ?? null)) ??
    branchProblem(manifest, known);
  if (problem !== null) throw new RunError('handover-refused', { detail: problem });
  if (!isThere && hasMoved(manifest, base)) {
    throw new RunError('push-refused', { branch: base.branch, detail: 'it has moved since the run started' });
  }
}

/** True where an earlier attempt of this job has pushed the result, or more. */
const isPublished = ({ result }: Manifest, { expected }: Known['base']): boolean =>
  result !== null && expected === result.commit;

function differs<T extends string | number | null>(what: string, found: T, ...right: readonly T[]): string | null {
  return right.includes(found) ? null : `${what} is ${String(found)}, not ${right.map(String).join(' or ')}`;
}

/** The result goes where a run of its own would have put it, and agents' branches lie beside it. */
function branchProblem({ result, branches, bundleSha256 }: Manifest, { branchPrefix, base }: Known): string | null {
  const agents = `${branchPrefix}/agents/${base.branch.slice(base.branch.lastIndexOf('/') + 1)}/`;
  const names = branches.map(({ branch }) => branch);
  const foreign = names.find((name) => !name.startsWith(agents) || !isPlain(name.slice(agents.length)));
  if (foreign !== undefined) return `the branch ${foreign} is none of the agents of this run`;
  if (new Set(names).size < names.length) return 'a branch is named twice';
  const none = result === null && branches.length === 0;
  if (none !== (bundleSha256 === null)) return 'the bundle is there without branches, or missing';
  return result === null ? null : differs('the branch of the result', result.branch, base.branch);
}

/** As branch-names.ts makes them: role and task. */
const isPlain = (name: string): boolean => /^[\w-]+(?:\/[\w-]+)*$/.test(name);

function hasMoved({ base: started, result }: Manifest, base: Known['base']): boolean {
  if (base.pullRequest !== null && started.commit !== base.commit) return true;
  return result !== null && result.expected !== base.expected;
}
