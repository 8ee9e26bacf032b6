// What the test server knows of each model: limits and which requests it refuses. Kept apart from the product's own
// table, so that a slip there is seen here. Source: https://platform.claude.com/docs/en/about-claude/models/overview

export interface ModelFacts {
  readonly id: string;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** Shorter prefixes are not cached. For the 5.5 models no figure is published: that of their predecessors is taken. */
  readonly minCacheTokens: number;
  readonly effort: boolean;
  /** Whether `tool_choice` may force a tool. */
  readonly forcedTools: boolean;
  /** Whether the last message may be the assistant's. */
  readonly prefill: boolean;
  /** Whether thinking blocks are bound to the exact prefix they were made with. */
  readonly boundThinking: boolean;
}

const newest = {
  contextTokens: 1_000_000,
  maxOutputTokens: 128_000,
  minCacheTokens: 1_024,
  effort: true,
  forcedTools: false,
  prefill: false,
  boundThinking: true,
};

const era45 = {
  contextTokens: 200_000,
  maxOutputTokens: 64_000,
  minCacheTokens: 1_024,
  effort: false,
  forcedTools: true,
  prefill: true,
  boundThinking: false,
};

const models: readonly ModelFacts[] = [
  { id: 'claude-opus-5-5', ...newest },
  { id: 'claude-sonnet-5-5', ...newest },
  { id: 'claude-haiku-5-5', ...newest, minCacheTokens: 4_096 },
  { id: 'claude-fable-5-1', ...newest, minCacheTokens: 512 },
  { id: 'claude-opus-5', ...newest, forcedTools: true, boundThinking: false, minCacheTokens: 512 },
  { id: 'claude-opus-4-8', ...newest, forcedTools: true, boundThinking: false },
  { id: 'claude-sonnet-4-5', ...era45 },
  { id: 'claude-haiku-4-5', ...era45, minCacheTokens: 4_096 },
];

/** Facts of a model by its id, dated or not; null for a model the service does not have. */
export function factsOf(model: string): ModelFacts | null {
  return models.find(({ id }) => id === model.replace(/-20\d{6}$/, '')) ?? null;
}

/** One entry of `GET /v1/models`, cut to what a client reads from it. */
export function modelInfo(facts: ModelFacts) {
  const supported = (value: boolean) => ({ supported: value });
  return {
    type: 'model',
    id: facts.id,
    display_name: facts.id,
    created_at: '2026-01-01T00:00:00Z',
    lifecycle: 'active',
    max_input_tokens: facts.contextTokens,
    max_tokens: facts.maxOutputTokens,
    capabilities: {
      effort: {
        ...supported(facts.effort),
        low: supported(facts.effort),
        medium: supported(facts.effort),
        high: supported(facts.effort),
        max: supported(facts.effort),
        xhigh: null,
      },
      structured_outputs: supported(true),
    },
  };
}

/** The whole answer of `GET /v1/models`. */
export function modelList() {
  const data = models.map(modelInfo);
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}
