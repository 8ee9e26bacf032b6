// What goes to a model passes the redactor too: a service keeps what it is sent.
import type { ContentBlock, Message } from './messages.ts';
import type { Model, ModelRequest } from './ports.ts';

/**
 * The model, asked without secrets. A message without one stays the same object, and one that has some is written anew
 * once, so that every request that begins with it begins with the same bytes. Blocks that are carried unread (thinking
 * with its signature) stay: a changed one would be refused. System prompt and tools are ours.
 */
export function redactPrompts(model: Model, redact: (text: string) => string): Model {
  const known = new WeakMap<Message, Message>();
  const cleanOnce = (message: Message): Message => {
    const before = known.get(message);
    if (before !== undefined) return before;
    const cleaned = cleanMessage(message, redact);
    known.set(message, cleaned);
    return cleaned;
  };
  const cleanRequest = (request: ModelRequest): ModelRequest => ({
    ...request,
    messages: request.messages.map(cleanOnce),
  });
  const { countTokens } = model;
  return {
    ...model,
    send: (request, signal) => model.send(cleanRequest(request), signal),
    ...(countTokens === undefined ? {} : { countTokens: (request) => countTokens(cleanRequest(request)) }),
  };
}

function cleanMessage(message: Message, redact: (text: string) => string): Message {
  const content = message.content.map((block) => cleanBlock(block, redact));
  return content.every((block, i) => block === message.content[i]) ? message : { ...message, content };
}

function cleanBlock(block: ContentBlock, redact: (text: string) => string): ContentBlock {
  switch (block.type) {
    case 'opaque':
      return block;
    case 'text': {
      const text = redact(block.text);
      return text === block.text ? block : { ...block, text };
    }
    case 'tool_result': {
      const content = redact(block.content);
      return content === block.content ? block : { ...block, content };
    }
    case 'tool_use': {
      const before = JSON.stringify(block.input ?? null);
      const input: unknown = JSON.parse(before, (_key, value: unknown) =>
        typeof value === 'string' ? redact(value) : value,
      );
      return JSON.stringify(input) === before ? block : { ...block, input };
    }
  }
}
