// The hidden line that begins every text we put on GitHub: by it the same run finds again what it has done already.
import { triggerSlug } from '../branch-names.ts';
import type { RunState } from '../journal/run-state.ts';
import { attemptOf } from '../run-id.ts';

export type EffectKind = 'progress' | 'summary' | 'pull-request';

/** What a marker says of a run. */
type Marked = Pick<RunState, 'runId' | 'trigger'>;

/** `<!-- ai-implement:issue-42:1000-1:progress -->`. A run id keeps only its letters, digits, points and dashes; starts of one attempt have one marker. */
export function effectMarker({ runId, trigger }: Marked, kind: EffectKind): string {
  const slug = trigger === null ? 'none' : triggerSlug(trigger);
  return `<!-- ai-implement:${slug}:${attemptOf(runId).replace(/[^\w.-]/g, '')}:${kind} -->`;
}

/** Markers that the effect may carry already: this run's, and those of earlier attempts of it. */
export const knownMarkers = (
  run: Marked,
  kind: EffectKind,
  earlierRunIds: readonly string[] = [],
): readonly string[] => [
  ...new Set([run.runId, ...earlierRunIds].map((runId) => effectMarker({ ...run, runId }, kind))),
];
