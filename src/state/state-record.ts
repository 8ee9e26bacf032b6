// What a run leaves in the repository of itself, so that a start on another machine can go on from it: one JSON file on a
// branch under our prefix. It is also the lock of what it is about: as long as it says `running`, and beats, nobody else works.
import * as z from 'zod/mini';
import { checkShape, mergeShape, objectId, planShape, resultShape, usageShape, workShape } from './record-parts.ts';

/** Raised when the meaning of a field changes; a record of another version is not gone on from. */
const stateVersion = 1;

/** Of the same file on each state branch. */
export const stateFile = 'state.json';

const timeMs = z.number().check(z.nonnegative());

const landedShape = () =>
  z.object({
    /** Commit that the first tasks started from: the base, or the contract on it. */
    start: objectId,
    /** The integration head, with the checks on it. */
    head: z.object({ commit: objectId, checks: z.readonly(z.array(checkShape())) }),
    results: z.readonly(z.array(resultShape())),
    merges: z.readonly(z.array(mergeShape())),
    work: z.readonly(z.array(workShape())),
  });

/** Made when a record is read: most runs find none. */
const recordShape = () =>
  z.object({
    version: z.literal(stateVersion),
    /** Run that wrote it. */
    runId: z.string(),
    actor: z.string(),
    /** `stopped`: by a person or a signal; a later start goes on. `ended`: nothing is left to go on with. */
    phase: z.enum(['running', 'stopped', 'ended']),
    startedAtMs: timeMs,
    /** When it last said that it is alive. */
    beatAtMs: timeMs,
    /** Who asked that it stops; null: nobody. */
    stop: z.nullable(z.object({ by: z.string(), atMs: timeMs })),
    /** sha256 (hex) of what was asked; null before it was read. */
    request: z.nullable(z.string()),
    /** Where the run started from, and where its result goes. `expected`: what that branch pointed at. */
    base: z.nullable(
      z.object({
        commit: objectId,
        baseBranch: z.string(),
        branch: z.string(),
        expected: z.nullable(objectId),
        pullRequest: z.nullable(z.int()),
      }),
    ),
    plan: z.nullable(planShape()),
    /** Tasks that came to their end, merged or not; null before the first did. */
    landed: z.nullable(landedShape()),
    /** Of all starts that went on from each other; calls under way at their worst. */
    usage: usageShape(),
    /** What was done on GitHub. */
    effects: z.object({
      progressCommentId: z.nullable(z.int()),
      summaryCommentId: z.nullable(z.int()),
      pullRequest: z.nullable(z.int()),
      branches: z.readonly(z.array(z.object({ branch: z.string(), commit: objectId }))),
    }),
    /** How it ended (`opened`, `partial`, ...); null while it has not. */
    outcome: z.nullable(z.string()),
  });

export type StateRecord = z.infer<ReturnType<typeof recordShape>>;

/** The record of a file's text; null for what is none of this version: it is then as if there were none. */
export function parseStateRecord(text: string): StateRecord | null {
  try {
    const parsed = recordShape().safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** @param clean takes secrets out of a text; applied to each text by itself, so that no quoting hides one. */
export const formatStateRecord = (record: Omit<StateRecord, 'version'>, clean: (text: string) => string): string =>
  `${JSON.stringify({ version: stateVersion, ...record }, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value), 1)}\n`;
