// A tree that is an overlay, as the broker drives it: changed file by file, and read back by its upper layer.
import { createIgnoreRules } from './ignore-rules.ts';
import { planLayer } from './apply-layer.ts';
import type { Request } from './protocol.ts';
import { readLayer, type LayerReading, type LayerState } from './read-layer.ts';
import type { Planned } from './reset-session.ts';
import { writeThrowawayRepository } from './throwaway-repository.ts';

type RequestOf<Kind extends Request['kind']> = Extract<Request, { kind: Kind }>;

export interface LayerSession {
  /** Throws UnsafeTree. What it returns is fed and settled as a reset. */
  begin(request: RequestOf<'layer'>): Planned;
  /** Throws before the first `begin`. */
  changes(request: RequestOf<'changes'>): LayerReading;
}

export function createLayerSession(root: string, upper: string): LayerSession {
  let state: LayerState | null = null;
  return {
    begin: ({ objectFormat, remove, write, ignoreFiles, repository }) => {
      const rules = new Map((ignoreFiles ?? []).map(({ path, text }) => [path, text]));
      const ignoreRules = ignoreFiles === null && state !== null ? state.ignoreRules : createIgnoreRules(rules);
      state = { root, upper, objectFormat, ignoreRules, known: state?.known ?? new Map() };
      const files = planLayer(state, { remove, write });
      const written =
        repository === null ? Promise.resolve() : writeThrowawayRepository(root, repository, objectFormat);
      written.catch(() => undefined);
      return { files, repository: written };
    },
    changes: ({ entered }) => {
      if (state === null) throw new Error('the tree was not begun');
      return readLayer(state, new Set(entered));
    },
  };
}
