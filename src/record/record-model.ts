// The model, recorded: a reply that had arrived is not asked for again.
import type { Reservation } from '../money/fit-call.ts';
import type { Model, ModelRequest } from '../ports.ts';
import type { EarlierRun } from './earlier-run.ts';

export interface RecordedModel {
  readonly model: Model;
  /** What was set aside for a request whose reply is there; null for one that is new. */
  readonly answeredBefore: (asker: unknown, request: ModelRequest) => Reservation | null;
}

/** Replies are found by what was asked. @param hashOf names a request, as the journal does */
export function recordModel(
  model: Model,
  hashOf: (request: ModelRequest) => string,
  earlier: EarlierRun,
): RecordedModel {
  return {
    model: {
      ...model,
      send: async (request, signal) =>
        earlier.repliesTo(hashOf(request)).shift()?.reply ?? (await model.send(request, signal)),
    },
    answeredBefore: (_asker, request) => {
      const asked = earlier.repliesTo(hashOf(request))[0]?.asked;
      if (asked === undefined) return null;
      return { tokens: asked.reservedTokens, nanoUsd: asked.reservedNanoUsd, maxTokens: asked.maxTokens };
    },
  };
}
