// Does a bundle hold exactly the branches that the manifest names, on top of the commit that it names?
import { RunError } from '../errors.ts';
import type { Manifest } from './manifest.ts';

/** What a bundle's own header says. */
export interface BundleHeader {
  /** Commits that it builds on. */
  readonly prerequisites: readonly string[];
  /** Commit by full name of the ref. */
  readonly refs: readonly { readonly ref: string; readonly commit: string }[];
}

/** The branches of a manifest, the result's with them. */
export const branchesOf = ({ result, branches }: Manifest): readonly { branch: string; commit: string }[] =>
  result === null ? branches : [{ branch: result.branch, commit: result.commit }, ...branches];

/** @throws RunError `handover-refused` */
export function checkBundle({ prerequisites, refs }: BundleHeader, manifest: Manifest): void {
  const wanted = branchesOf(manifest).map(({ branch, commit }) => `${commit} refs/heads/${branch}`);
  const found = refs.map(({ ref, commit }) => `${commit} ${ref}`);
  const extra = found.find((one) => !wanted.includes(one)) ?? found.find((one, i) => found.indexOf(one) !== i);
  const missing = wanted.find((one) => !found.includes(one));
  const foreign = prerequisites.find((commit) => commit !== manifest.base.commit);
  const detail =
    (extra !== undefined && `the bundle holds ${extra}, which the manifest does not name`) ||
    (missing !== undefined && `the bundle lacks ${missing}`) ||
    (foreign !== undefined && `the bundle builds on ${foreign}, not on the base ${manifest.base.commit}`) ||
    (prerequisites.length === 0 && 'the bundle builds on nothing, not on the base');
  if (detail !== false) throw new RunError('handover-refused', { detail });
}
