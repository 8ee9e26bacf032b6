// Eight agents that work at once on one model, as a run has them: what the tests of the cache share.
import type { Message, ToolUseBlock } from '../../src/messages.ts';
import type { Model, ModelRequest } from '../../src/ports.ts';
import type { LoggedRequest } from '../../testbed/model/answer-message.ts';
import { prefixOf } from '../../testbed/model/prefix.ts';
import { call, say, text, thinking, type Turn } from '../../testbed/model/script.ts';
import { request, user, whole } from './anthropic-bench.ts';

/** About 12,000 tokens that all agents share, as a brief has. */
const brief = Array.from({ length: 2_000 }, (_, i) => `src/part-${i}.ts: what it is for`).join('\n');

/** What an agent asks first; all that is shared is the same object, as in a run. */
const opening = { ...request, system: `You build.\n${'Rule. '.repeat(800)}` };
const shared = user(brief);
export const firstRequest = (task: number): ModelRequest => ({
  ...opening,
  messages: [shared, user(`Do TASK-${task}.`)],
});

/** A conversation of so many turns: one call and more than the service looks back over, in turns. */
export function turns(count: number): Turn[] {
  return Array.from({ length: count }, (_, t): Turn => {
    if (t === count - 1) return say('Done.');
    const calls = Array.from({ length: t % 2 === 1 ? 14 : 1 }, (_, c) => call('read', { path: `src/${t}-${c}.ts` }));
    return say(thinking(t % 2 === 0 ? '' : `Step ${t}.`), text(`Reading for step ${t}.`), ...calls);
  });
}

/** Asks until the model calls nothing more. */
export async function work(model: Model, task: number): Promise<void> {
  let { messages } = firstRequest(task);
  for (;;) {
    const { content } = whole(await model.send({ ...firstRequest(task), messages }));
    const calls = content.filter((block): block is ToolUseBlock => block.type === 'tool_use');
    if (calls.length === 0) return;
    const results = calls.map(({ id, input }) => ({
      type: 'tool_result' as const,
      toolUseId: id,
      content: `${JSON.stringify(input)} of ${task}\n`.repeat(40),
      isError: false,
    }));
    const told: Message = { role: 'user', content: results };
    messages = [...messages, { role: 'assistant', content }, told];
  }
}

/** Tokens that were sent before by anybody, in the same place of the same prefix, and how many were read from the cache. */
export function repeatedInput(requests: readonly LoggedRequest[]): { readonly tokens: number; readonly read: number } {
  const seen = new Set<string>();
  let tokens = 0;
  let read = 0;
  for (const { body, inputUsage } of requests) {
    const blocks = prefixOf(body);
    for (const block of blocks) if (seen.has(block.hash)) tokens += block.tokens;
    for (const { hash } of blocks) seen.add(hash);
    read += inputUsage.cache_read_input_tokens;
  }
  return { tokens, read };
}
