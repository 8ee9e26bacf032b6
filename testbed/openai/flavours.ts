// The servers that are played: OpenAI itself, and two that speak its protocol in their own way.
// Sources: https://developers.openai.com/api/docs/models, https://docs.ollama.com/api/openai-compatibility,
// https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html, and error texts in their public issues.

export interface ModelFacts {
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** Refuses sampling parameters and `max_tokens`. */
  readonly reasoning: boolean;
  /** Which efforts it takes; `medium` when a request names none. */
  readonly efforts: readonly string[];
  /** Takes tools together with an effort other than `none`. */
  readonly toolsWithEffort: boolean;
}

export interface Flavour {
  readonly name: 'openai' | 'ollama' | 'vllm';
  /** Null: any key or none will do. */
  readonly needsKey: boolean;
  readonly models: Readonly<Record<string, ModelFacts>>;
  /** Refuses fields that it does not know. */
  readonly strictFields: boolean;
  /** What `response_format` comes to: heeded, refused when it is a schema, or ignored without a word. */
  readonly schemas: 'heeded' | 'refused' | 'ignored';
  /** The template of the model takes only alternating roles, and arguments of calls that are JSON. */
  readonly strictTemplate: boolean;
  /** Sends a call's arguments in several chunks. */
  readonly streamsArguments: boolean;
  /** Reports usage when it is asked to. */
  readonly reportsUsage: boolean;
  /** Where thinking goes: nowhere, into the text, or into a field of its own. */
  readonly thinking: 'hidden' | 'in-text' | 'reasoning_content';
}

const efforts = ['none', 'low', 'medium', 'high'];
const gpt6: ModelFacts = {
  contextTokens: 1_050_000,
  maxOutputTokens: 128_000,
  reasoning: true,
  efforts,
  toolsWithEffort: false,
};
const local: ModelFacts = {
  contextTokens: 32_768,
  maxOutputTokens: 32_768,
  reasoning: false,
  efforts,
  toolsWithEffort: true,
};

export const openai: Flavour = {
  name: 'openai',
  needsKey: true,
  models: {
    'gpt-6-sol': gpt6,
    'gpt-6-luna': gpt6,
    'gpt-6.2-sol': { ...gpt6, efforts: efforts.slice(1) },
    'gpt-5.1': { ...gpt6, contextTokens: 400_000, toolsWithEffort: true },
    'gpt-4.1': { ...local, contextTokens: 1_047_576 },
  },
  strictFields: true,
  schemas: 'heeded',
  strictTemplate: false,
  streamsArguments: true,
  reportsUsage: true,
  thinking: 'hidden',
};

export const ollama: Flavour = {
  name: 'ollama',
  needsKey: false,
  models: { 'qwen3-coder:30b': local },
  strictFields: false,
  schemas: 'ignored',
  strictTemplate: false,
  streamsArguments: false,
  reportsUsage: false,
  thinking: 'in-text',
};

export const vllm: Flavour = {
  name: 'vllm',
  needsKey: true,
  models: { 'Qwen/Qwen3-Coder-30B': local },
  strictFields: false,
  schemas: 'refused',
  strictTemplate: true,
  streamsArguments: true,
  reportsUsage: true,
  thinking: 'reasoning_content',
};
