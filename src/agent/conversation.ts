// The state of one conversation. Messages are only ever appended, but for the fresh start that a compaction makes.
import type { ContentBlock, Message, ToolUseBlock } from '../messages.ts';
import type { ModelRequest, ToolDefinition, ToolResult } from '../ports.ts';
import type { Effort } from '../types.ts';
import { inputUpperBound } from '../money/input-bound.ts';
import type { SessionDeps, SessionDigest, SessionInput } from './session.ts';
import type { Nudge, TurnRecord } from './stuck/turn-history.ts';
import { systemPrompt } from './system-prompt.ts';
import { toolDefinitionsFor } from './tools/all.ts';

export interface Conversation {
  readonly input: SessionInput;
  readonly deps: SessionDeps;
  readonly tools: readonly ToolDefinition[];
  effort: Effort;
  messages: Message[];
  /** Parts of the next user message that are waiting to be sent. */
  pending: ContentBlock[];
  /** Model replies so far. */
  turn: number;
  handBacks: number;
  /** What the stuck rules look at: the current stretch. */
  stretch: { readonly turns: TurnRecord[]; readonly nudges: Nudge[] };
  /** A command was started in the background. */
  inBackground: boolean;
  wrappingUp: boolean;
  lastTurnTold: boolean;
  /** Input and output of the last call, as reported; 0 when the messages began anew. */
  lastTotalTokens: number;
  /** What the conversation holds, without attempts that were lost on the way; 0 when the messages began anew. */
  contextTokens: number;
  /** How many of the messages that number covers. */
  messagesPriced: number;
  compactions: number;
  /** The last compaction's summary. */
  summary: string | null;
  lastCalls: SessionDigest['lastCalls'];
}

/** Opens a conversation and tells the run its first messages; nothing is asked yet. */
export function openConversation(input: SessionInput, deps: SessionDeps): Conversation {
  const talk: Conversation = {
    input,
    deps,
    tools: toolDefinitionsFor(input.editFormat ?? 'edit'),
    effort: input.role.effort,
    messages: [...input.opening],
    pending: [],
    turn: 0,
    handBacks: 0,
    stretch: { turns: [], nudges: [] },
    inBackground: false,
    wrappingUp: false,
    lastTurnTold: false,
    lastTotalTokens: 0,
    contextTokens: 0,
    messagesPriced: 0,
    compactions: 0,
    summary: null,
    lastCalls: [],
  };
  // Another conversation may have worked in this tree: what it was shown, this one was not.
  input.tree.forget?.();
  for (const message of input.opening) report(message.content.map(textOf).join('\n'), talk);
  return talk;
}

/** Begins a new stretch: earlier repeats and hand-backs do not count against what comes now. */
export function beginStretch(talk: Conversation): void {
  talk.handBacks = 0;
  talk.stretch = { turns: [], nudges: [] };
}

/** Adds a text to the next user message, and tells the run of it. */
export function tell(text: string, talk: Conversation): void {
  talk.pending.push({ type: 'text', text });
  report(text, talk);
}

/** Makes what is pending a user message: all results of a reply and what is said with them, in one. */
export function sendPending(talk: Conversation): void {
  if (talk.pending.length === 0) return;
  talk.messages.push({ role: 'user', content: talk.pending });
  talk.pending = [];
}

/** What an agent says at its end is told apart from its calls; its length would hide what was claimed to be run. */
function inputWords(name: string, input: unknown): string {
  const told = (key: string, value: unknown): unknown => (name === 'finish' && key === 'summary' ? undefined : value);
  return (JSON.stringify(input ?? null, told) ?? 'null').slice(0, 200);
}

/** Remembers a call and its answer for the digest. */
export function noteCall({ name, input }: ToolUseBlock, { content, isError }: ToolResult, talk: Conversation): void {
  const call = {
    tool: name,
    input: inputWords(name, input),
    result: content.slice(0, 300),
    isError,
  };
  talk.lastCalls = [...talk.lastCalls, call].slice(-5);
}

/** The next request: the same system, tools and beginning each time, so that it reads the cache. */
export function requestOf({ input, tools, messages, effort }: Conversation): ModelRequest {
  return {
    model: input.role.model,
    maxTokens: input.role.maxTokens,
    system: systemPrompt,
    tools,
    toolChoice: 'auto',
    messages,
    sharedPrefixMessages: input.sharedPrefixMessages,
    outputSchema: null,
    effort,
  };
}

/** Upper bound of that request's input in tokens, for the reservation. */
export function boundOf({ messages, messagesPriced, lastTotalTokens, tools }: Conversation): number {
  const isFirst = messagesPriced === 0;
  return inputUpperBound({
    previousTotalTokens: lastTotalTokens,
    newBytes: Buffer.byteLength(JSON.stringify(messages.slice(messagesPriced))),
    firstCallBytes: isFirst ? Buffer.byteLength(systemPrompt) + Buffer.byteLength(JSON.stringify(tools)) : 0,
  });
}

function report(text: string, { input, deps, turn }: Conversation): void {
  deps.reporter.emit({ type: 'agent.told', agent: input.agent, turn, text });
}

const textOf = (block: ContentBlock): string => (block.type === 'text' ? block.text : `[${block.type}]`);
