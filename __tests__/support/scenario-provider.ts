// The model's service of a scenario: the same script on the protocol server of each provider.
import { randomBytes } from 'node:crypto';
import type { ParsedRequest } from '../../testbed/model/parse-request.ts';
import type { InputUsage } from '../../testbed/model/prompt-cache.ts';
import type { Script } from '../../testbed/model/script.ts';
import { startModelServer } from '../../testbed/model/server.ts';
import { ollama, openai, vllm, type Flavour } from '../../testbed/openai/flavours.ts';
import { startChatServer, type LoggedChat } from '../../testbed/openai/server.ts';

export const providers = ['anthropic', 'openai', 'ollama', 'vllm'] as const;
export type ScenarioProvider = (typeof providers)[number];

/** The provider of scenarios that name none; `SCENARIO_PROVIDER=openai` runs all of them there. */
export const suiteProvider: ScenarioProvider =
  providers.find((provider) => provider === process.env['SCENARIO_PROVIDER']) ?? 'anthropic';

/** The secret of the repository, and the only key that the model's server accepts. */
export const API_KEY = `sk-ant-api03-${randomBytes(24).toString('hex')}`;

export interface ScenarioModel {
  readonly requests: readonly {
    readonly request: ParsedRequest;
    readonly body: unknown;
    readonly inputUsage: InputUsage;
  }[];
  readonly refusals: readonly { readonly status: number; readonly message: string }[];
  /** What the workflow's step passes to reach it. */
  readonly inputs: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the server of a provider. */
export async function startScenarioModel(provider: ScenarioProvider, script: Script): Promise<ScenarioModel> {
  if (provider !== 'anthropic') return startChat(flavours[provider], script);
  const server = await startModelServer({ script, apiKey: API_KEY });
  return { ...server, inputs: { 'anthropic-api-key': API_KEY, 'anthropic-base-url': server.url } };
}

const flavours = { openai, ollama, vllm } as const;

async function startChat(flavour: Flavour, script: Script): Promise<ScenarioModel> {
  const server = await startChatServer({ flavour, script, apiKey: API_KEY });
  const own = flavour.name === 'openai' ? {} : { model: localModelOf(flavour) };
  return {
    close: server.close,
    get requests() {
      return server.requests.map((logged) => ({ ...logged, inputUsage: inputUsageOf(logged) }));
    },
    get refusals() {
      return server.refusals.filter(({ message }) => !PROBES.some((probe) => probe.test(message)));
    },
    inputs: {
      'api-provider': flavour.name === 'openai' ? 'openai' : 'openai-compatible',
      'base-url': server.url,
      'openai-api-key': flavour.needsKey ? API_KEY : '',
      ...own,
    },
  };
}

const localModelOf = ({ models }: Flavour): string => Object.keys(models)[0] ?? '';

/** What can only be found out by trying; each is refused once and costs nothing. */
const PROBES = [
  /^Function tools with reasoning_effort are not supported/,
  /^response_format json_schema needs/,
  /^Invalid schema for response_format/,
  /is too large: \d+\. This model's maximum context length/,
];

function inputUsageOf({ usage: { promptTokens, cachedTokens } }: LoggedChat): InputUsage {
  return {
    input_tokens: promptTokens - cachedTokens,
    cache_read_input_tokens: cachedTokens,
    cache_creation_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  };
}

const CONFIG = 'orchestrator-config.json';
const free = { input_usd: 0, output_usd: 0, cache_read_usd: 0, cache_write_usd: 0 };

/** A project as its owner would set it up for the provider: a model of one's own has a price by configuration only. */
export function filesFor(
  provider: ScenarioProvider,
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (provider !== 'ollama' && provider !== 'vllm') return files;
  const config: Readonly<Record<string, unknown>> = Object(JSON.parse(files[CONFIG] ?? '{}'));
  const prices = { ...Object(config['prices']), [localModelOf(flavours[provider])]: free };
  return { ...files, [CONFIG]: JSON.stringify({ ...config, prices }) };
}
