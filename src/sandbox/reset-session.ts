// A reset as the broker drives it: begun with a listing, fed with blobs, ended by `settle`.
import { planReset, type Reset } from './materialise.ts';
import type { Request } from './protocol.ts';
import { writeThrowawayRepository } from './throwaway-repository.ts';
import type { TreeState } from './tree-state.ts';

type RequestOf<Kind extends Request['kind']> = Extract<Request, { kind: Kind }>;

/** Files that are to be written, and the repository that is written beside them. */
export interface Planned {
  readonly files: Reset;
  readonly repository: Promise<void>;
}

export interface ResetSession {
  /** Throws UnsafeTree. A session that was never settled is forgotten. */
  begin(request: RequestOf<'reset'>): { readonly missing: readonly string[] };
  /** The same for what another has planned. */
  take(planned: Planned): { readonly missing: readonly string[] };
  /** Writes the blobs that the body holds, one after the other. */
  feed(request: RequestOf<'blobs'>, body: Buffer): void;
  settle(): Promise<void>;
}

export function createResetSession(state: TreeState): ResetSession {
  let current: Planned | null = null;
  const underWay = (): Planned => {
    if (current === null) throw new Error('there is no reset under way');
    return current;
  };
  return {
    take: (planned) => {
      current = planned;
      return { missing: planned.files.missing };
    },
    begin: ({ objectFormat, entries, repository }) => {
      state.objectFormat = objectFormat;
      const files = planReset(state, entries);
      // Beside the writing of files: neither touches what the other does.
      const written =
        repository === null ? Promise.resolve() : writeThrowawayRepository(state.root, repository, objectFormat);
      written.catch(() => undefined);
      current = { files, repository: written };
      return { missing: files.missing };
    },
    feed: ({ blobs }, body) => {
      let at = 0;
      for (const { id, sizeBytes } of blobs) {
        underWay().files.write(id, body.subarray(at, at + sizeBytes));
        at += sizeBytes;
      }
    },
    settle: async () => {
      const { files, repository } = underWay();
      current = null;
      files.settle();
      await repository;
    },
  };
}
