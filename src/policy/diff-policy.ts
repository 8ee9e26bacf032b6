// What the diff policy judges by. Plain JSON: it stands in a manifest, and it is made from the configuration of the base alone.

export interface DiffPolicy {
  /** Globs on whole paths that only people change. */
  readonly protectedPaths: readonly string[];
  /** Globs of paths that agents may change although they are protected, or lie in a new top-level dot directory. */
  readonly exclude: readonly string[];
  /** Where packages may come from: `host`, or `host/path` where only what lies below that path is meant. */
  readonly allowedRegistryHosts: readonly string[];
}
