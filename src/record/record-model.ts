// The model, recorded: a reply that had arrived is not asked for again, and a limit that refused a call refuses it again.
import * as z from 'zod/mini';
import type { RequestPart } from '../events.ts';
import type { Refusal } from '../money/ledger.ts';
import type { Reservation } from '../money/fit-call.ts';
import type { Model, ModelRequest } from '../ports.ts';
import { recordOnlyFailure, type Recording } from './record-calls.ts';
import type { RequestNames } from './request-hash.ts';

export interface RecordedModel {
  readonly model: Model;
  /** What was set aside for a request whose reply is there; null for one that is new. */
  readonly answeredBefore: (asker: unknown, request: ModelRequest) => Reservation | null;
  /** The limit that refused a request before; null for one that was not refused. */
  readonly refusedBefore: (request: ModelRequest) => Promise<Refusal | null>;
  /** Keeps that a limit refused a request. */
  readonly noteRefusal: (request: ModelRequest, refusal: Refusal) => void;
  readonly hashOf: (request: ModelRequest) => string;
  readonly partsOf: (agent: string, request: ModelRequest) => readonly RequestPart[];
}

/** Replies are found by what was asked. */
export function recordModel(model: Model, { hashOf, newParts }: RequestNames, recording: Recording): RecordedModel {
  const { earlier, reporter, replay } = recording;
  return {
    hashOf,
    partsOf: newParts,
    model: {
      ...model,
      send: async (request, signal) => {
        const before = earlier.repliesTo(hashOf(request)).shift();
        if (before === undefined)
          return recordOnlyFailure(`model ${hashOf(request)}`, () => model.send(request, signal), recording);
        await replay?.reach(before.seq);
        return before.reply;
      },
    },
    answeredBefore: (_asker, request) => {
      const asked = earlier.repliesTo(hashOf(request))[0]?.asked;
      if (asked === undefined) return null;
      return { tokens: asked.reservedTokens, nanoUsd: asked.reservedNanoUsd, maxTokens: asked.maxTokens };
    },
    refusedBefore: async (request) => {
      const before = earlier.answersTo(refusalOf(hashOf(request))).shift();
      if (before === undefined || !('answer' in before)) return null;
      await replay?.reach(before.seq);
      return z.parse(z.custom<Refusal>(), before.answer);
    },
    noteRefusal: (request, { ok, limit, isTasks }) =>
      reporter.emit({ type: 'call.ended', call: refusalOf(hashOf(request)), answer: { ok, limit, isTasks } }),
  };
}

const refusalOf = (requestHash: string): string => `limit for ${requestHash}`;
