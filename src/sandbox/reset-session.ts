// A reset as the broker drives it: begun with a listing, fed with blobs, ended by `settle`.
import { planReset, type Reset } from './materialise.ts';
import type { Request } from './protocol.ts';
import { writeThrowawayRepository } from './throwaway-repository.ts';
import type { TreeState } from './tree-state.ts';

type RequestOf<Kind extends Request['kind']> = Extract<Request, { kind: Kind }>;

export interface ResetSession {
  /** Throws UnsafeTree. A session that was never settled is forgotten. */
  begin(request: RequestOf<'reset'>): { readonly missing: readonly string[] };
  /** Writes the blobs that the body holds, one after the other. */
  feed(request: RequestOf<'blobs'>, body: Buffer): void;
  settle(): Promise<void>;
}

export function createResetSession(state: TreeState): ResetSession {
  let current: { readonly files: Reset; readonly repository: Promise<void> } | null = null;
  const underWay = (): { readonly files: Reset; readonly repository: Promise<void> } => {
    if (current === null) throw new Error('there is no reset under way');
    return current;
  };
  return {
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
