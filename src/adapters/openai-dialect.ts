// What a server takes of the protocol. Servers differ and none says so beforehand: each feature is tried once, and what is
// refused is left out from then on. A refused request costs nothing.

/** OpenAI itself, or a server that speaks its protocol. */
export type OpenAiProvider = 'openai' | 'openai-compatible';

/** How a reply in the shape of a schema is asked for; each server gets the first that it takes. */
const LADDER = ['json_schema', 'json_object', 'words'] as const;

export interface Dialect {
  readonly schema: (typeof LADDER)[number];
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Most output tokens that the server lets a request ask for; Infinity until it says. */
  readonly maxOutputTokens: number;
  /** What the server says that its model can hold, input and output; Infinity until it says. */
  readonly contextTokens: number;
  /** Takes `stream_options`, which asks for usage. */
  readonly reportsUsage: boolean;
  /** `none-with-tools`: OpenAI's models since gpt-5.4 refuse to think in a chat completion that has tools. */
  readonly effort: 'as-asked' | 'none-with-tools' | 'unsaid';
  readonly cacheKey: boolean;
  /** Whether `tool_choice: none` is surely heeded; some servers ignore it. */
  readonly heedsToolChoice: boolean;
}

export interface Refusal {
  /** Field that the server names; null when it names none. */
  readonly param: string | null;
  readonly message: string;
}

export interface Dialects {
  of(model: string): Dialect;
  /** Takes a lesson from a refusal; false when there is none to take, so the same would be refused again. */
  learn(model: string, refusal: Refusal): boolean;
  /** A reply that should have been JSON was none: the server ignores what it was asked. */
  learnSchemaIgnored(model: string): void;
}

/** Remembers for each model what was refused; one for each server and run. */
export function createDialects(provider: OpenAiProvider): Dialects {
  const known = new Map<string, Dialect>();
  const of = (model: string): Dialect => known.get(model) ?? firstTry(provider);
  return {
    of,
    learn(model, refusal) {
      const next = lesson(of(model), refusal);
      known.set(model, { ...of(model), ...contextIn(refusal), ...next });
      return next !== null;
    },
    learnSchemaIgnored(model) {
      known.set(model, { ...of(model), ...(lowerRung(of(model)) ?? {}) });
    },
  };
}

const firstTry = (provider: OpenAiProvider): Dialect => ({
  schema: 'json_schema',
  // OpenAI's reasoning models refuse the older name, many other servers do not know the newer one.
  maxTokensField: provider === 'openai' ? 'max_completion_tokens' : 'max_tokens',
  maxOutputTokens: Infinity,
  contextTokens: Infinity,
  reportsUsage: true,
  effort: 'as-asked',
  cacheKey: provider === 'openai',
  heedsToolChoice: provider === 'openai',
});

/** Servers that give no `param` name the field in their message, most often in quotes. */
function lesson(dialect: Dialect, { param, message }: Refusal): Partial<Dialect> | null {
  const about = (words: RegExp): boolean => words.test(param ?? '') || (param === null && words.test(message));
  if (about(/reasoning.?effort/i)) return effortLesson(dialect, message);
  if (about(/response_format|json_schema|json_object/i)) return lowerRung(dialect);
  if (about(/max_(completion_)?tokens/)) return maxTokensLesson(dialect, message);
  if (about(/stream_options|include_usage/) && dialect.reportsUsage) return { reportsUsage: false };
  if (about(/prompt_cache_key/) && dialect.cacheKey) return { cacheKey: false };
  return null;
}

/** OpenAI and vLLM name it where a prompt is too long; local servers are often started with less than the model has. */
function contextIn({ message }: Refusal): Partial<Dialect> {
  const context = /maximum context length is (\d+)/.exec(message)?.[1];
  return context === undefined ? {} : { contextTokens: Number(context) };
}

function lowerRung({ schema }: Dialect): Partial<Dialect> | null {
  const next = LADDER[LADDER.indexOf(schema) + 1];
  return next === undefined ? null : { schema: next };
}

function effortLesson({ effort }: Dialect, message: string): Partial<Dialect> | null {
  if (effort === 'as-asked') return { effort: /\btools?\b/i.test(message) ? 'none-with-tools' : 'unsaid' };
  return null;
}

/** A smaller room than this for a reply is no use: the prompt is then too long. */
const LEAST_ROOM_TOKENS = 1_024;

/** Either the name of the field is refused, or its value is too high, as OpenAI and vLLM put it. */
function maxTokensLesson(dialect: Dialect, message: string): Partial<Dialect> | null {
  const most = /supports at most (\d+)/.exec(message)?.[1];
  const [, context, prompt] = /maximum context length is (\d+) tokens and your request has (\d+)/.exec(message) ?? [];
  const room = most === undefined ? Number(context) - Number(prompt) : Number(most);
  if (room >= LEAST_ROOM_TOKENS && room < dialect.maxOutputTokens) return { maxOutputTokens: room };
  if (!/unsupported|not supported|unknown|unrecogni[sz]ed|unexpected|extra/i.test(message)) return null;
  const refused = new RegExp(`\\b${dialect.maxTokensField}\\b`).test(message);
  const other = dialect.maxTokensField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return refused ? { maxTokensField: other } : null;
}
