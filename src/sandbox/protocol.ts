// What broker and toolhost say to each other. Both check what they read: the toolhost is untrusted, and it trusts no pipe.
import * as z from 'zod/mini';

/** A file of a tree as the broker wants it; `id` is git's blob id. */
const wantedEntry = z.object({ path: z.string(), mode: z.string(), id: z.string() });
export type WantedEntry = z.infer<typeof wantedEntry>;

/** The throwaway repository for the agent's own `git diff` and `git log`. */
const repository = z.object({
  objectPaths: z.array(z.string()),
  shallow: z.string(),
  commit: z.string(),
  branch: z.string(),
  /** `whole`: made anew. `index`, `branch`: the one of the layers below stays, and gets a new index or only a new branch. */
  renew: z.enum(['whole', 'index', 'branch']),
});
export type RepositoryRequest = z.infer<typeof repository>;

const id = z.int();

export const commandResultSchema = z.object({
  exitCode: z.nullable(z.number()),
  timedOut: z.boolean(),
  durationMs: z.number(),
  output: z.string(),
});

/** Broker to toolhost. Every request but those about commands and `abort` is answered by `done` or `failed` with its id. */
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
  /**
   * The same two for a tree that is an overlay: what is to be removed and written, and what was changed. `ignoreFiles`: the
   * .gitignore files of the commit; null leaves the rules as they are. `entered`: ignored paths to be looked at all the same.
   */
  z.object({
    kind: z.literal('layer'),
    id,
    objectFormat: z.enum(['sha1', 'sha256']),
    remove: z.array(z.string()),
    write: z.array(wantedEntry),
    ignoreFiles: z.nullable(z.array(z.object({ path: z.string(), text: z.string() }))),
    repository: z.nullable(repository),
  }),
  z.object({ kind: z.literal('changes'), id, entered: z.array(z.string()) }),
  /** Looks at all files for the agent's own git, so that no agent has to. */
  z.object({ kind: z.literal('refresh'), id }),
  /** Asks for the topmost ignored paths: what a setup command made. */
  z.object({ kind: z.literal('produced'), id }),
  /** Copies paths from another tree, or links to them. */
  z.object({
    kind: z.literal('copy'),
    id,
    from: z.string(),
    paths: z.array(z.string()),
    how: z.enum(['copy', 'link']),
  }),
  /** Copies a whole tree that holds `entries`, blocks shared: in place of a first reset. */
  z.object({
    kind: z.literal('adopt'),
    id,
    from: z.string(),
    objectFormat: z.enum(['sha1', 'sha256']),
    entries: z.array(wantedEntry),
    repository: z.nullable(repository),
  }),
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
  /** A command that the toolhost asked for has ended, with its result. */
  z.object({ kind: z.literal('ran'), id, result: commandResultSchema }),
  /** Output of a background command, in the body. */
  z.object({ kind: z.literal('output'), id }),
  /** A background command has ended; null where it was killed. */
  z.object({ kind: z.literal('ended'), id, exitCode: z.nullable(z.number()) }),
  /** What was shown is no longer before the model's eyes: it may be shown again. */
  z.object({ kind: z.literal('forget'), id }),
  z.object({ kind: z.literal('abort'), id }),
]);
export type Request = z.infer<typeof requestSchema>;

/**
 * Toolhost to broker. `file` frames come before the `done` of a save, each with the file's bytes as its body. The toolhost
 * starts no process: it asks for commands, numbered by itself, and the broker runs each in a box of its own.
 */
export const replySchema = z.discriminatedUnion('kind', [
  /** Answered by `ran`. */
  z.object({ kind: z.literal('run'), id, command: z.string(), timeoutMs: z.number() }),
  /** Answered by `output` and `ended`. */
  z.object({ kind: z.literal('start'), id, command: z.string() }),
  /** Ends one of either. */
  z.object({ kind: z.literal('kill'), id }),
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
const refusedSchema = z.array(z.object({ path: z.string(), reason: z.string() }));
export const changesSchema = z.object({
  directories: z.array(z.object({ path: z.string(), names: z.array(z.string()) })),
  files: z.array(z.object({ path: z.string(), mode: z.string(), id: z.string() })),
  ignored: z.array(z.string()),
  refused: refusedSchema,
});
export const pathsSchema = z.object({ paths: z.array(z.string()) });
export const toolResultSchema = z.object({ content: z.string(), isError: z.boolean() });
export const nothingSchema = z.object({});
