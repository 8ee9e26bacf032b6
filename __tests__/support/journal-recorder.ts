// Records a made-up run as journal entries, for tests of what is projected from a journal.
import type { JournalEntry, RunEvent } from '../../src/events.ts';
import type { ContentBlock } from '../../src/messages.ts';
import type { Check, Usage } from '../../src/types.ts';

/** 2026-03-02 09:30 UTC. */
const start = 1_772_443_800_000;

export interface Recorder {
  /** Moves time on by seconds, then adds the event: time stands at the end of what an event tells. */
  after(seconds: number, event: RunEvent): void;
  /** Records lanes that all start now; time goes on from the end of the longest. */
  together(...lanes: readonly ((lane: Recorder) => void)[]): void;
  entries(): readonly JournalEntry[];
}

/** @param startMs time of the first event */
export function createRecorder(startMs = start): Recorder {
  const timed: Omit<JournalEntry, 'seq'>[] = [];
  let nowMs = startMs;
  const entries = (): readonly JournalEntry[] => timed.map((entry, seq) => ({ seq, ...entry }));
  return {
    after(seconds, event) {
      nowMs += Math.round(seconds * 1_000);
      timed.push({ atMs: nowMs, event });
    },
    together(...lanes) {
      const recorded = lanes.flatMap((record) => {
        const lane = createRecorder(nowMs);
        record(lane);
        return lane.entries();
      });
      timed.push(...recorded.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, event }) => ({ atMs, event })));
      nowMs = timed.at(-1)?.atMs ?? nowMs;
    },
    entries,
  };
}

/** Usage of one call at a price in dollars. */
export function usage(costUsd: number, more: Partial<Usage> = {}): Usage {
  return {
    requests: 1,
    inputTokens: 412,
    outputTokens: 640,
    cacheReadTokens: 18_204,
    cacheWriteTokens: 1_930,
    costNanoUsd: Math.round(costUsd * 1e9),
    ...more,
  };
}

/** A check by name; it failed when its exit code is not 0. */
export function check(name: string, exitCode: number | null, more: Partial<Check> = {}): Check {
  return {
    name,
    command: name === 'test' ? 'npm test' : `npm run ${name}`,
    exitCode,
    durationMs: 4_200,
    failures: [],
    outputTail: exitCode === 0 ? '' : `${name} failed`,
    logPath: null,
    ...more,
  };
}

export const text = (words: string): ContentBlock => ({ type: 'text', text: words });
const asks = (id: string, name: string, input: unknown): ContentBlock => ({ type: 'tool_use', id, name, input });

/** One reply; its cost is in dollars, its time in seconds. */
export function reply(
  run: Recorder,
  agent: string,
  role: string,
  turn: number,
  costUsd: number,
  seconds: number,
  content: readonly ContentBlock[],
): void {
  run.after(seconds, {
    type: 'model.replied',
    agent,
    role,
    turn,
    model: 'claude-sonnet-5-5',
    stopReason: content.some((part) => part.type === 'tool_use') ? 'tool_use' : 'end_turn',
    content,
    usage: usage(costUsd),
    durationMs: seconds * 1_000,
  });
}

interface Call {
  readonly tool: string;
  readonly input: unknown;
  readonly content: string;
  readonly isError?: boolean;
  readonly seconds?: number;
}

/** One turn with one tool call. */
export function turn(
  run: Recorder,
  agent: readonly [id: string, role: string],
  number: number,
  words: string,
  call: Call,
): void {
  const id = `toolu_${agent[0]}_${number}`;
  reply(run, agent[0], agent[1], number, 0.011 + number * 0.002, 5 + (number % 4) * 2, [
    text(words),
    asks(id, call.tool, call.input),
  ]);
  const seconds = call.seconds ?? 0.4;
  run.after(seconds, {
    type: 'tool.ended',
    agent: agent[0],
    turn: number,
    toolUseId: id,
    tool: call.tool,
    input: call.input,
    content: call.content,
    isError: call.isError ?? false,
    durationMs: seconds * 1_000,
  });
}
