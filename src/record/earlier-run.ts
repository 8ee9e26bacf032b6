// What a killed process of this run has left in the journal, in the form in which it is asked for.
import type { JournalEntry, RecordedError, RunEvent } from '../events.ts';
import { lostCalls } from '../journal/earlier-events.ts';
import { forgottenFailures } from '../journal/forgotten-failures.ts';
import type { ModelReply, SavedTree } from '../ports.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;
type Asked = EventOf<'model.asked'>;

export interface EarlierReply {
  readonly reply: ModelReply;
  /** How it was announced: what was set aside for it. */
  readonly asked: Asked;
  readonly seq: number;
}

/** What came of an outside call; `seq` is that of its entry. */
export type EarlierAnswer =
  { readonly seq: number; readonly answer: unknown } | { readonly seq: number; readonly error: RecordedError };

export interface EarlierTool {
  readonly seq: number;
  readonly event: EventOf<'tool.ended'>;
}

export interface EarlierSave extends SavedTree {
  /** How many calls of the tree it stands after. */
  readonly calls: number;
  readonly seq: number;
}

export interface EarlierRun {
  readonly replies: number;
  readonly toolCalls: number;
  /** Calls that may have been made and have no answer. */
  readonly lost: readonly Asked[];
  /** Answers to requests of this name, oldest first; taken by `shift`. */
  repliesTo(requestHash: string): EarlierReply[];
  /** Call number `call` of an agent's tree, as it was answered last. */
  tool(agent: string, call: number): EarlierTool | null;
  /** True when a call that may change files was begun. */
  begun(agent: string, call: number): boolean;
  /** In the order in which they were made. */
  saves(agent: string): readonly EarlierSave[];
  /** The save that the run itself asked for as number `save`. */
  save(agent: string, save: number): EarlierSave | null;
  /** What came of outside calls of this name, oldest first; taken by `shift`. */
  answersTo(call: string): EarlierAnswer[];
  /** True once for each outside call that was begun and never answered. */
  takeDoubt(call: string): boolean;
}

/**
 * Reads the entries once; asking is then a look into a map.
 * @param endsInKill false where the run is only replayed: then what failed last, or was cut short, is answered as it was
 */
export function readEarlierRun(entries: readonly JournalEntry[], endsInKill = true): EarlierRun {
  const index = indexOf(entries, endsInKill);
  return {
    replies: index.counts.replies,
    toolCalls: index.tools.size,
    lost: lostCalls(entries, endsInKill).flatMap(({ event }) => (event.type === 'model.asked' ? [event] : [])),
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
  tools: new Map<string, EarlierTool>(),
  begun: new Set<string>(),
  saves: new Map<string, EarlierSave[]>(),
  numbered: new Map<string, EarlierSave>(),
  answers: new Map<string, EarlierAnswer[]>(),
  open: new Map<string, number>(),
});
type Index = ReturnType<typeof emptyIndex>;

function indexOf(entries: readonly JournalEntry[], endsInKill: boolean): Index {
  const index = emptyIndex();
  const forgotten = forgottenFailures(entries, { endsInKill });
  for (const entry of entries) if (!forgotten.has(entry)) take(entry, index);
  return index;
}

function take({ event, seq }: JournalEntry, index: Index): void {
  switch (event.type) {
    case 'model.asked':
      if (event.requestHash !== undefined) index.asked.set(event.requestHash, event);
      return;
    case 'model.replied':
    case 'model.failed':
      return takeReply(event, seq, index);
    case 'tool.started':
      index.begun.add(`${event.agent} ${event.call}`);
      return;
    case 'tool.ended':
      if (event.call !== undefined) index.tools.set(`${event.agent} ${event.call}`, { seq, event });
      return;
    case 'tree.saved': {
      const { agent, calls, save, tree, refused } = event;
      push(index.saves, agent, { seq, calls, tree, refused });
      if (save !== null) index.numbered.set(`${agent} ${save}`, { seq, calls, tree, refused });
      return;
    }
    case 'call.started':
      index.open.set(event.call, (index.open.get(event.call) ?? 0) + 1);
      return;
    case 'call.ended':
      push(index.answers, event.call, { seq, answer: event.answer ?? null });
      index.open.set(event.call, (index.open.get(event.call) ?? 0) - 1);
      return;
    case 'call.failed':
      // Whether it was made all the same, nobody can tell: it stays in doubt.
      push(index.answers, event.call, { seq, error: event.error });
  }
}

function takeReply(event: EventOf<'model.replied' | 'model.failed'>, seq: number, index: Index): void {
  const asked = index.asked.get(event.requestHash ?? '');
  if (asked === undefined || event.requestHash === undefined) return;
  const reply = replyOf(event);
  if (reply === null) return;
  index.counts.replies += 1;
  push(index.replies, event.requestHash, { reply, asked, seq });
}

const failures = [
  'auth',
  'unknown-model',
  'spend-limit',
  'overloaded',
  'network',
  'invalid-request',
  // Of a process that was killed it is forgotten: the run goes on.
  'aborted',
] as const;

/** Null for what was no answer: a lost call. */
function replyOf(event: EventOf<'model.replied' | 'model.failed'>): ModelReply | null {
  if (event.type === 'model.replied') {
    const { content, stopReason, usage, durationMs, contextTokens } = event;
    const known = contextTokens === undefined ? {} : { contextTokens };
    return { kind: 'reply', content, stopReason, usage, durationMs, ...known };
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
