// How many input tokens a request can have at most. Never an estimate: money is reserved on this number.

/** What is known of a request before it is sent. Bytes are UTF-8. */
export interface KnownInput {
  /** Input (cached or not) plus output of the conversation's previous call, as reported; 0 before the first. */
  readonly previousTotalTokens: number;
  /** Bytes of what was added since that call. */
  readonly newBytes: number;
  /** Bytes of system prompt and tools, on the first call; 0 later, as the previous total has them. */
  readonly firstCallBytes: number;
}

/**
 * Tokens that the service adds by itself: its own prompt for tool use (at most 530 tokens on listed models, see
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing) and role marks; doubled for safety.
 */
const ADDED_BY_SERVICE_TOKENS = 1_000;

/**
 * Upper bound of a request's input tokens: what the service counted last time, and one token for each new byte, since
 * no byte-level tokenizer makes more than one token of a byte.
 */
export function inputUpperBound({ previousTotalTokens, newBytes, firstCallBytes }: KnownInput): number {
  return previousTotalTokens + newBytes + firstCallBytes + ADDED_BY_SERVICE_TOKENS;
}
