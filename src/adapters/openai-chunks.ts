// Chunks of a streamed chat completion, from what came to what it means. Servers differ in what they leave out.
import { fieldsOf, isCount, type Fields } from './json-fields.ts';

export interface CallPart {
  readonly index: number | null;
  readonly id: string | null;
  readonly name: string | null;
  readonly json: string;
}

export interface ReportedUsage {
  /** All input, cached or not. */
  readonly prompt: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

export interface Chunk {
  readonly id: string | null;
  readonly text: string;
  /** Thinking that is shown, as some servers send it; it is billed as output and not kept. */
  readonly thinking: string;
  readonly refusal: string;
  readonly calls: readonly CallPart[];
  readonly finishReason: string | null;
  readonly usage: ReportedUsage | null;
}

/** Null for what is no chunk at all. */
export function readChunk(value: unknown): Chunk | null {
  const fields = fieldsOf(value);
  if (fields === null) return null;
  const choice = fieldsOf(listOf(fields['choices'])[0]) ?? {};
  // A server that does not stream calls sends the whole message.
  const delta = fieldsOf(choice['delta']) ?? fieldsOf(choice['message']) ?? {};
  return {
    id: textOrNull(fields['id']),
    text: text(delta['content']),
    thinking: text(delta['reasoning_content']) || text(delta['reasoning']),
    refusal: text(delta['refusal']),
    calls: listOf(delta['tool_calls']).flatMap(readCall),
    finishReason: textOrNull(choice['finish_reason']),
    usage: readUsage(fieldsOf(fields['usage'])),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const count = (value: unknown): number => (isCount(value) ? value : 0);

function readCall(value: unknown): CallPart[] {
  const fields = fieldsOf(value);
  if (fields === null) return [];
  const called = fieldsOf(fields['function']) ?? {};
  const index = fields['index'];
  return [
    {
      index: isCount(index) ? index : null,
      id: textOrNull(fields['id']),
      name: textOrNull(called['name']),
      json: jsonOf(called['arguments']),
    },
  ];
}

/** Arguments are a text of JSON; some servers send the object itself. */
function jsonOf(value: unknown): string {
  return fieldsOf(value) === null ? text(value) : JSON.stringify(value);
}

/** Null when nothing was counted: a prompt has at least one token, so zero means that nobody counted. */
function readUsage(usage: Fields | null): ReportedUsage | null {
  const prompt = count(usage?.['prompt_tokens']);
  if (usage === null || prompt === 0) return null;
  const details = fieldsOf(usage['prompt_tokens_details']) ?? {};
  const cached = Math.min(prompt, count(details['cached_tokens']));
  const written = Math.min(prompt - cached, count(details['cache_write_tokens']));
  return { prompt, cached, written, output: count(usage['completion_tokens']) };
}
