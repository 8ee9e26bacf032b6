// Newest models bind their thinking to all that stood before it. A conversation whose beginning has changed is refused
// until the request asks to drop what no longer fits. It should never happen, as histories only grow; when it does, the
// work goes on and the log tells of it.
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { Message } from '../messages.ts';

/** https://platform.claude.com/docs/en/build-with-claude/preserved-thinking/fix-bound-to-a-different-conversation */
const BETA = 'thinking-binding-controls-2026-08-01';

/** Adaptive is what these models do without being told; the SDK has the binding in its beta types only. */
const dropBlocks = { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } } as const;

export interface Sent {
  readonly body: MessageCreateParamsStreaming;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ThinkingBinding {
  /** The request as it is to be sent: as it is, unless its conversation was refused before. */
  prepare(body: MessageCreateParamsStreaming, messages: readonly Message[]): Sent;
  /** The service refused it; every later request of the conversation must ask again. False when it had asked already. */
  learn(messages: readonly Message[]): boolean;
}

/** Remembers conversations by their thinking blocks, which come back as the same objects. */
export function createThinkingBinding(): ThinkingBinding {
  const misplaced = new WeakSet<object>();
  let any = false;
  const isKnown = (messages: readonly Message[]): boolean =>
    any && rawBlocks(messages).some((raw) => misplaced.has(raw));
  return {
    prepare: (body, messages) =>
      isKnown(messages)
        ? { body: { ...body, thinking: dropBlocks }, headers: { 'anthropic-beta': BETA } }
        : { body, headers: {} },
    learn(messages) {
      const isNew = !isKnown(messages);
      for (const raw of rawBlocks(messages)) misplaced.add(raw);
      any = true;
      return isNew;
    },
  };
}

function rawBlocks(messages: readonly Message[]): object[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((block) =>
      block.type === 'opaque' && typeof block.raw === 'object' && block.raw !== null ? [block.raw] : [],
    ),
  );
}
