// What a killed process of this run has left in the journal, in the form in which it is asked for.
import type { JournalEntry, RunEvent } from '../events.ts';
import { lostCalls } from '../journal/earlier-events.ts';
import type { ModelReply, SavedTree } from '../ports.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;
type Asked = EventOf<'model.asked'>;

export interface EarlierReply {
  readonly reply: ModelReply;
  /** How it was announced: what was set aside for it. */
  readonly asked: Asked;
}

export interface EarlierSave extends SavedTree {
  /** How many calls of the tree it stands after. */
  readonly calls: number;
}

export interface EarlierRun {
  readonly replies: number;
  readonly toolCalls: number;
  /** Calls that may have been made and have no answer. */
  readonly lost: readonly Asked[];
  /** Answers to requests of this name, oldest first; taken by `shift`. */
  repliesTo(requestHash: string): EarlierReply[];
  /** Call number `call` of an agent's tree, as it was answered last. */
  tool(agent: string, call: number): EventOf<'tool.ended'> | null;
  /** True when a call that may change files was begun. */
  begun(agent: string, call: number): boolean;
  /** In the order in which they were made. */
  saves(agent: string): readonly EarlierSave[];
  /** The save that the run itself asked for as number `save`. */
  save(agent: string, save: number): SavedTree | null;
  /** Answers to outside calls of this name, oldest first; taken by `shift`. */
  answersTo(call: string): unknown[];
  /** True once for each outside call that was begun and never answered. */
  takeDoubt(call: string): boolean;
}

/** Reads the entries once; asking is then a look into a map. */
export function readEarlierRun(entries: readonly JournalEntry[]): EarlierRun {
  const index = indexOf(entries);
  return {
    replies: index.counts.replies,
    toolCalls: index.tools.size,
    lost: lostCalls(entries).flatMap(({ event }) => (event.type === 'model.asked' ? [event] : [])),
    repliesTo: (requestHash) => index.replies.get(requestHash) ?? [],
    tool: (agent, call) => index.tools.get(`${agent} ${call}`) ?? null,
    begun: (agent, call) => index.begun.has(`${agent} ${call}`),
    saves: (agent) => index.saves.get(agent) ?? [],
    save: (agent, save) => index.numbered.get(`${agent} ${save}`) ?? null,
    answersTo: (call) => index.answers.get(call) ?? [],
    takeDoubt: (call) => {
      const open = index.open.get(call) ?? 0;
      index.open.set(call, open - 1);
      return open > 0;
    },
  };
}

const emptyIndex = () => ({
  counts: { replies: 0 },
  asked: new Map<string, Asked>(),
  replies: new Map<string, EarlierReply[]>(),
  tools: new Map<string, EventOf<'tool.ended'>>(),
  begun: new Set<string>(),
  saves: new Map<string, EarlierSave[]>(),
  numbered: new Map<string, SavedTree>(),
  answers: new Map<string, unknown[]>(),
  open: new Map<string, number>(),
});
type Index = ReturnType<typeof emptyIndex>;

function indexOf(entries: readonly JournalEntry[]): Index {
  const index = emptyIndex();
  for (const { event } of entries) take(event, index);
  return index;
}

function take(event: RunEvent, index: Index): void {
  switch (event.type) {
    case 'model.asked':
      if (event.requestHash !== undefined) index.asked.set(event.requestHash, event);
      return;
    case 'model.replied':
    case 'model.failed':
      return takeReply(event, index);
    case 'tool.started':
      index.begun.add(`${event.agent} ${event.call}`);
      return;
    case 'tool.ended':
      if (event.call !== undefined) index.tools.set(`${event.agent} ${event.call}`, event);
      return;
    case 'tree.saved': {
      const { agent, calls, save, tree, refused } = event;
      push(index.saves, agent, { calls, tree, refused });
      if (save !== null) index.numbered.set(`${agent} ${save}`, { tree, refused });
      return;
    }
    case 'call.started':
      index.open.set(event.call, (index.open.get(event.call) ?? 0) + 1);
      return;
    case 'call.ended':
      push(index.answers, event.call, event.answer ?? null);
      index.open.set(event.call, (index.open.get(event.call) ?? 0) - 1);
  }
}

function takeReply(event: EventOf<'model.replied' | 'model.failed'>, index: Index): void {
  const asked = index.asked.get(event.requestHash ?? '');
  if (asked === undefined || event.requestHash === undefined) return;
  const reply = replyOf(event);
  if (reply === null) return;
  index.counts.replies += 1;
  push(index.replies, event.requestHash, { reply, asked });
}

const failures = ['auth', 'unknown-model', 'spend-limit', 'overloaded', 'network', 'invalid-request'] as const;

/** Null for what was no answer: a lost call, and one that was stopped with its run. */
function replyOf(event: EventOf<'model.replied' | 'model.failed'>): ModelReply | null {
  if (event.type === 'model.replied') {
    const { content, stopReason, usage, durationMs } = event;
    return { kind: 'reply', content, stopReason, usage, durationMs };
  }
  const { message, usage } = event;
  const reason = failures.find((one) => one === event.reason);
  return reason === undefined ? null : { kind: 'failed', reason, message, usage };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const all = map.get(key);
  if (all === undefined) map.set(key, [value]);
  else all.push(value);
}
