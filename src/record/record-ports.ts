// A run's seams, recorded: everything whose answer is no function of what the journal has. A run that was killed is
// executed again from its start with these, and goes on where its journal ends.
import type { JournalEntry } from '../events.ts';
import { atWorst } from '../money/usage.ts';
import type { Git, GitHub, Model, Remember, Reporter, Trees } from '../ports.ts';
import { readEarlierRun, type EarlierRun } from './earlier-run.ts';
import { createLandingOrder } from './landing-order.ts';
import { recordCall, recordOnlyFailure, type Recording, type Replaying } from './record-calls.ts';
import { recordGit } from './record-git.ts';
import { recordGitHub } from './record-github.ts';
import { recordModel, type RecordedModel } from './record-model.ts';
import { recordTrees } from './record-trees.ts';
import { createRequestNames } from './request-hash.ts';

export interface Ports<Store extends Git> {
  readonly git: Store;
  readonly github: GitHub | null;
  readonly model: Model;
  readonly trees: Trees;
}

export interface RecordOptions {
  /** What an earlier process of the run left; empty for a new run. */
  readonly earlier: readonly JournalEntry[];
  readonly reporter: Reporter;
  /** What the journal does to every string. */
  readonly clean: (text: string) => string;
  /** Given where the run is only replayed. */
  readonly replay?: Replaying;
}

export interface RecordedPorts<Store extends Git> extends Ports<Store>, Omit<RecordedModel, 'model'> {
  readonly keepWork: (agent: string) => Promise<void>;
  readonly remember: Remember;
  /** For what comes to nothing, or to a failure that ends the run. */
  readonly rememberFailure: <T>(call: string, act: () => Promise<T>) => Promise<T>;
  readonly inTurn: (taskId: string) => Promise<void>;
}

/** The ports of a run, with the journal in between. */
export function recordPorts<Store extends Git>(
  { git, github, model, trees }: Ports<Store>,
  { earlier: entries, reporter, clean, replay }: RecordOptions,
): RecordedPorts<Store> {
  const earlier = readEarlierRun(entries, replay === undefined);
  const recording: Recording = { earlier, reporter, ...(replay === undefined ? {} : { replay }) };
  const onText = (digest: string, text: string): void => reporter.emit({ type: 'request.part', digest, text });
  return {
    ...recordModel(model, createRequestNames({ clean, onText }), recording),
    ...recordTrees(trees, recording, clean),
    git: recordGit(git, recording),
    github: github === null ? null : recordGitHub(github, recording),
    remember: (call, compute) => recordCall(call, compute, recording),
    rememberFailure: (call, act) => recordOnlyFailure(call, act, recording),
    inTurn: createLandingOrder(recording),
  };
}

/** Says what a run goes on with, and settles calls whose answer was lost at the most that they can have cost. */
export function tellResumed(entries: readonly JournalEntry[], version: string, reporter: Reporter): void {
  const earlier: EarlierRun = readEarlierRun(entries);
  const { replies, toolCalls } = earlier;
  reporter.emit({ type: 'run.resumed', version, replies, toolCalls });
  for (const {
    agent,
    turn,
    requestHash,
    reservedTokens: tokens,
    reservedNanoUsd: nanoUsd,
    maxTokens,
  } of earlier.lost) {
    reporter.emit({
      type: 'model.failed',
      agent,
      turn,
      ...(requestHash === undefined ? {} : { requestHash }),
      reason: 'lost',
      message: 'The run was killed before the answer was there; it counts as if it had cost the most that it can.',
      usage: atWorst({ tokens, nanoUsd, maxTokens }, 1),
    });
  }
}
