// What broker and toolhost say to each other. Both check what they read: the toolhost is untrusted, and it trusts no pipe.
import * as z from 'zod/mini';

/** A file of a tree as the broker wants it; `id` is git's blob id. */
const wantedEntry = z.object({ path: z.string(), mode: z.string(), id: z.string() });
export type WantedEntry = z.infer<typeof wantedEntry>;

/** The throwaway repository for the agent's own `git diff` and `git log`. */
const repository = z.object({ objectsPath: z.string(), shallow: z.string(), commit: z.string(), branch: z.string() });
export type RepositoryRequest = z.infer<typeof repository>;

const id = z.int();

/** Broker to toolhost. Every request but `abort` is answered by `done` or `failed` with its id. */
export const requestSchema = z.discriminatedUnion('kind', [
  /** Plans to make the files equal to `entries`; the answer names the blobs it lacks. */
  z.object({
    kind: z.literal('reset'),
    id,
    objectFormat: z.enum(['sha1', 'sha256']),
    entries: z.array(wantedEntry),
    repository: z.nullable(repository),
  }),
  /** Blobs that a reset lacks, one after the other in the body. */
  z.object({ kind: z.literal('blobs'), id, blobs: z.array(z.object({ id: z.string(), sizeBytes: z.number() })) }),
  /** Ends a reset: what is left to make is made. */
  z.object({ kind: z.literal('settle'), id }),
  z.object({ kind: z.literal('save'), id }),
  /** Asks for the topmost ignored paths: what a setup command made. */
  z.object({ kind: z.literal('produced'), id }),
  z.object({ kind: z.literal('copy'), id, from: z.string(), paths: z.array(z.string()) }),
  z.object({
    kind: z.literal('call'),
    id,
    tool: z.string(),
    input: z.unknown(),
    owns: z.array(z.string()),
    foreign: z.array(
      z.object({ glob: z.string(), except: z.optional(z.readonly(z.array(z.string()))), owner: z.string() }),
    ),
  }),
  z.object({
    kind: z.literal('run'),
    id,
    command: z.string(),
    timeoutMs: z.number(),
    env: z.record(z.string(), z.string()),
  }),
  /** What was shown is no longer before the model's eyes: it may be shown again. */
  z.object({ kind: z.literal('forget'), id }),
  z.object({ kind: z.literal('abort'), id }),
]);
export type Request = z.infer<typeof requestSchema>;

/** Toolhost to broker. `file` frames come before the `done` of a save, each with the file's bytes as its body. */
export const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), id, path: z.string(), mode: z.string() }),
  z.object({ kind: z.literal('done'), id, value: z.unknown() }),
  /** `unsafe`: the commit cannot be written out here, which is the user's to mend. */
  z.object({ kind: z.literal('failed'), id, message: z.string(), unsafe: z.boolean() }),
]);
export type Reply = z.infer<typeof replySchema>;

export const missingBlobsSchema = z.object({ missing: z.array(z.string()) });
export const savedSchema = z.object({
  deleted: z.array(z.string()),
  refused: z.array(z.object({ path: z.string(), reason: z.string() })),
});
export const pathsSchema = z.object({ paths: z.array(z.string()) });
export const toolResultSchema = z.object({ content: z.string(), isError: z.boolean() });
export const commandResultSchema = z.object({
  exitCode: z.nullable(z.number()),
  timedOut: z.boolean(),
  durationMs: z.number(),
  output: z.string(),
});
export const nothingSchema = z.object({});
