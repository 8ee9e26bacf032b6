// How many tokens a request has, counted by the service: free, and far under the bound of one for each byte.
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { Clock } from '../ports.ts';
import { fieldsOf, isCount } from './json-fields.ts';
import { askWithPatience } from './patience.ts';

const PATIENCE_MS = 10_000;
/** The count is an estimate (https://platform.claude.com/docs/en/build-with-claude/token-counting); so much is added. */
const MARGIN = 1.05;

/** @returns most input tokens the request can have, margin included; null when the service does not say */
export async function countTokens(
  { client, clock }: { readonly client: Anthropic; readonly clock: Clock },
  { max_tokens: _output, stream: _stream, ...prompt }: MessageCreateParamsStreaming,
): Promise<number | null> {
  const answer = await askWithPatience<unknown>(clock, PATIENCE_MS, (signal) =>
    client.messages.countTokens(prompt, { signal }),
  );
  const tokens = fieldsOf(answer)?.['input_tokens'];
  return isCount(tokens) ? Math.ceil(tokens * MARGIN) : null;
}
