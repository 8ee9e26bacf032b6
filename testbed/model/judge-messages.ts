// Refusals that concern the conversation: order of roles, tool calls and their results, empty text.
import type { ModelFacts } from './model-facts.ts';
import type { WireBlock, WireMessage, WirePrompt } from './wire-request.ts';

/** The first thing wrong with the messages, in the words of the service; null when they are right. */
export function faultInMessages({ messages, tools }: WirePrompt, facts: ModelFacts): string | null {
  if (messages.length === 0) return 'messages: at least one message is required';
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  const last = messages.at(-1);
  if (last?.role === 'assistant' && !facts.prefill)
    return 'This model does not support assistant message prefill. The conversation must end with a user message.';
  if ((tools ?? []).length === 0 && messages.some(({ content }) => content.some(isToolBlock)))
    return 'Requests which include `tool_use` or `tool_result` blocks must define tools';
  return faultInBlocks(messages) ?? faultInToolCalls(messages);
}

const isToolBlock = ({ type }: WireBlock): boolean => type === 'tool_use' || type === 'tool_result';

function faultInBlocks(messages: readonly WireMessage[]): string | null {
  for (const [m, { role, content }] of messages.entries()) {
    if (content.length === 0) return `messages.${m}: ${role} messages must have non-empty content`;
    for (const [b, block] of content.entries()) {
      const at = `messages.${m}.content.${b}`;
      if (block.type === 'text' && block.text === '') return `messages: text content blocks must be non-empty (${at})`;
      if (block.type === 'text' && block.text.trim() === '')
        return `messages: text content blocks must contain non-whitespace text (${at})`;
      if (role === 'user' && block.type !== 'text' && block.type !== 'tool_result')
        return `${at}: \`${block.type}\` blocks can only be in \`assistant\` messages`;
      if (role === 'assistant' && block.type === 'tool_result')
        return `${at}: \`tool_result\` blocks can only be in \`user\` messages`;
    }
  }
  return null;
}

function faultInToolCalls(messages: readonly WireMessage[]): string | null {
  const seen = new Set<string>();
  let asked: string[] = [];
  for (const [m, message] of messages.entries()) {
    const fault = faultInResults(m, message, asked);
    if (fault !== null) return fault;
    asked = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    for (const id of asked) {
      if (seen.has(id)) return `messages.${m}: \`tool_use\` ids must be unique: ${id}`;
      seen.add(id);
    }
  }
  return asked.length === 0 ? null : missing(messages.length - 1, asked);
}

function faultInResults(m: number, { content }: WireMessage, asked: readonly string[]): string | null {
  const answered = content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
  const unanswered = asked.filter((id) => !answered.includes(id));
  if (unanswered.length > 0) return missing(m - 1, unanswered);
  const unknown = answered.find((id) => !asked.includes(id));
  if (unknown !== undefined)
    return `messages.${m}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unknown}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
  const twice = answered.find((id, index) => answered.indexOf(id) !== index);
  if (twice !== undefined)
    return `messages.${m}: each tool_use must have a single result. Found multiple for ${twice}.`;
  const firstOther = content.findIndex(({ type }) => type !== 'tool_result');
  const lastResult = content.findLastIndex(({ type }) => type === 'tool_result');
  return firstOther !== -1 && firstOther < lastResult
    ? `messages.${m}: \`tool_result\` blocks must come before other content`
    : null;
}

const missing = (m: number, ids: readonly string[]): string =>
  `messages.${m}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
