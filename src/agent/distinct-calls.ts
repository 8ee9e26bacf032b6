// Guards against a reply that names two calls alike: a result could not be told from the other, and nothing runs twice.
import type { ContentBlock } from '../messages.ts';

/** The reply without calls whose id an earlier call of it has. Services refuse to be sent such a reply back. */
export function distinctCalls(content: readonly ContentBlock[]): readonly ContentBlock[] {
  const seen = new Set<string>();
  return content.filter((block) => {
    if (block.type !== 'tool_use') return true;
    const isNew = !seen.has(block.id);
    seen.add(block.id);
    return isNew;
  });
}
