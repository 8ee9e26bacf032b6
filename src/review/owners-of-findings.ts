// Who mends what a review found: the task that changed the file, or that owns its path.
import picomatch from 'picomatch';
import { fence } from '../agent/fence.ts';
import type { Finding, TaskResult } from '../types.ts';

export interface Reopened {
  readonly result: TaskResult;
  readonly findings: readonly Finding[];
}

/**
 * Findings of high severity by the task that mends them. A file nobody changed goes to the task that owns its path; one
 * that nobody owns goes to the only task, or stays open where there are several: no one may change it.
 */
export function ownersOfFindings(findings: readonly Finding[], merged: readonly TaskResult[]): readonly Reopened[] {
  const owned = findings
    .filter(({ severity }) => severity === 'high')
    .map((finding) => ({ finding, owner: ownerOf(finding.file, merged) }));
  return merged.flatMap((result) => {
    const own = owned.filter(({ owner }) => owner === result).map(({ finding }) => finding);
    return own.length === 0 ? [] : [{ result, findings: own }];
  });
}

function ownerOf(file: string, merged: readonly TaskResult[]): TaskResult | null {
  // The last that changed it knows it as it is now.
  const changed = merged.findLast(({ changedFiles }) => changedFiles.some(({ path }) => path === file));
  const owns = merged.find(({ task }) => task.owns.length > 0 && picomatch([...task.owns], { dot: true })(file));
  return changed ?? owns ?? (merged.length === 1 ? (merged[0] ?? null) : null);
}

/** What the agent that mends them is told, after its task. */
export function reopenedText(findings: readonly Finding[], nonce: string): string {
  const lines = findings.map(({ file, line, why }) => `- ${file}${line === null ? '' : `:${line}`}: ${why}`);
  return `# This task is reopened
The work of this task is integrated and stands in your tree, together with that of the others. A reviewer of the whole change found this in it:
${fence({ what: 'findings', by: 'the reviewer' }, lines.join('\n'), nonce)}

Look at each first: a reviewer can be wrong. Where it is right, mend it and show it with a test that fails without the mending; where it is wrong, leave the code as it is and say why in \`finish\`. Do nothing else.`;
}
