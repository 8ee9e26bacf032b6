// Gathers a streamed chat completion, chunk by chunk.
import type { ContentBlock, StopReason, ToolUseBlock } from '../messages.ts';
import type { CallPart, Chunk, ReportedUsage } from './openai-chunks.ts';
import { argumentsOf } from './openai-json.ts';

export interface ChatDraft {
  add(chunk: Chunk): void;
  hasBegun(): boolean;
  /** The reason why the reply ended has come: nothing of it is missing, at most its usage. */
  isComplete(): boolean;
  content(): readonly ContentBlock[];
  stopReason(): StopReason;
  usage(): ReportedUsage | null;
  /** UTF-8 bytes of all that came, thinking included: no tokenizer makes more tokens of them. */
  bytes(): number;
}

interface DraftCall {
  readonly id: string | null;
  readonly name: string;
  json: string;
}

/** @param idPrefix ids of calls that come without one are made of it and their position; unique in a conversation */
export function startChat(idPrefix: string): ChatDraft {
  const calls: DraftCall[] = [];
  const byIndex = new Map<number, DraftCall>();
  let [text, refusal, bytes, begun] = ['', '', 0, false];
  let finishReason: string | null = null;
  let usage: ReportedUsage | null = null;

  const addCall = (part: CallPart): void => {
    const open = part.index === null ? calls.at(-1) : byIndex.get(part.index);
    // Some servers give every call the same index, or none: another id begins another call.
    const isNew = open === undefined || (part.id !== null && part.id !== open.id) || startsAnother(part, open);
    const call = isNew ? { id: part.id, name: part.name ?? '', json: '' } : open;
    call.json += part.json;
    if (isNew) calls.push(call);
    if (part.index !== null) byIndex.set(part.index, call);
  };

  return {
    add(chunk) {
      begun = true;
      text += chunk.text;
      refusal += chunk.refusal;
      for (const part of chunk.calls) addCall(part);
      bytes += bytesOf(chunk);
      finishReason = chunk.finishReason ?? finishReason;
      usage = chunk.usage ?? usage;
    },
    hasBegun: () => begun,
    isComplete: () => finishReason !== null,
    content: () => [...textBlocks(spoken(text) || refusal), ...toCalls(calls, idPrefix)],
    stopReason: () => (refusal !== '' ? 'refusal' : stopReasonOf(finishReason, calls.length > 0)),
    usage: () => usage,
    bytes: () => bytes,
  };
}

/** Without ids and indexes a name begins a call, as names come whole and first. */
const startsAnother = (part: CallPart, open: DraftCall): boolean =>
  part.index === null && part.id === null && part.name !== null && open.name !== '';

const bytesOf = ({ text, thinking, refusal, calls }: Chunk): number =>
  Buffer.byteLength(text + thinking + refusal + calls.map(({ name, json }) => `${name ?? ''}${json}`).join(''));

/** Local models think aloud in front of their answer; that is not to be read as the answer. */
const spoken = (text: string): string => text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();

const textBlocks = (text: string): ContentBlock[] => (text === '' ? [] : [{ type: 'text', text }]);

function toCalls(calls: readonly DraftCall[], idPrefix: string): ToolUseBlock[] {
  const taken = new Set<string>();
  return calls.map(({ id, name, json }, index) => {
    const own = id === null || taken.has(id) ? `${idPrefix}_${index}` : id;
    taken.add(own);
    return { type: 'tool_use', id: own, name, input: argumentsOf(json) };
  });
}

/** Some servers say `stop` where there are calls. */
function stopReasonOf(finishReason: string | null, hasCalls: boolean): StopReason {
  switch (finishReason) {
    case 'tool_calls':
    case 'function_call':
    case 'stop':
      return hasCalls ? 'tool_use' : 'end_turn';
    case 'length':
      return 'max_tokens';
    case 'content_filter':
      return 'refusal';
    default:
      return 'other';
  }
}
