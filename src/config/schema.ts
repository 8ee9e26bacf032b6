// Every option of orchestrator-config.json, once. The JSON schema, action.yml, the docs tables, the commented example and
// the words of every complaint are made from this file.
import * as z from 'zod';
import { mayPassToTools } from '../sandbox/tool-environment.ts';

const modelName = z
  .string()
  .regex(/^\S{1,100}$/)
  .meta({ title: 'a model name without spaces' });
const words = z.string().trim().min(1).meta({ title: 'a text that is not empty' });
const relativePath = z
  .string()
  .regex(/^(?![/\\])(?!.*(?:^|\/)\.\.(?:\/|$)).+$/)
  .meta({ title: 'a glob below the root of the repository, like "db/migrations/**"' });
const branchName = z
  .string()
  .regex(/^(?!.*(?:\.\.|\/\/|@\{))(?!.*\.lock$)[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}(?<![/.])$/)
  .meta({ title: 'a branch name' });
const branchPrefix = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,19}(?:\/[a-z0-9][a-z0-9-]{0,19})?$/)
  .meta({ title: 'one or two words of a-z, 0-9 and -, joined by "/"' });
const variableName = z
  .string()
  .refine(mayPassToTools)
  .meta({ title: 'a variable name that does not look like a secret or a tool setting' });
const httpAddress = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/)
  .meta({ title: 'an http or https address without a password, like "http://localhost:11434/v1"' });
const pricePerMillion = z.number().min(0).max(10_000);

/** Ids of agents: they become part of branch names and file names. */
export const agentId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .meta({ title: 'an agent id: a-z, 0-9 and -, starting with a letter, at most 40 characters' });

/** What can be said about one agent, in the file or in the front matter of `.ai-agents/agents/<id>.md`. */
export const agentSchema = z.strictObject({
  model: modelName.optional().describe('Model of this agent. Default: the `model` above.'),
  effort: z
    .enum(['low', 'medium', 'high'])
    .optional()
    .describe(
      'How much the model may think, where it can be told. Default: high for the manager, medium for the others.',
    ),
  fallback_model: modelName
    .optional()
    .describe('Model to go on with, from the next task on, when `model` cannot be had. Default: none.'),
  max_tokens: z
    .int()
    .min(1_024)
    .max(128_000)
    .optional()
    .describe('Most output tokens of one reply. Default: 32000 for the manager, 16000 for the others.'),
  instructions: words
    .optional()
    .describe('What the agent is told about its role. A new agent needs it; a default agent has its own.'),
  specialties: z
    .array(words)
    .max(20)
    .optional()
    .describe('What the agent is good at; the manager assigns tasks by it.'),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe('Accepted from older files and not sent, with a warning: current model APIs refuse it.'),
});

const coordination = z.strictObject({
  parallel_execution: z
    .boolean()
    .default(true)
    .describe('Let agents work at the same time. `false` is `max_parallel` 1.'),
  max_parallel: z.int().min(1).max(16).default(3).describe('Most agents at work at the same time.'),
  max_iterations: z.int().min(1).max(500).default(60).describe('Most turns (model replies) one task may take.'),
  max_retries: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('Most times the manager is asked for guidance when one task is stuck; then its work is kept as partial.'),
  review: z
    .enum(['auto', 'always', 'off'])
    .default('auto')
    .describe(
      'Whether the manager reads the integrated change once more, knowing nothing of how it was made. `auto`: not for ' +
        'at most 15 changed lines whose checks all pass.',
    ),
  check_interval_seconds: z
    .int()
    .min(1)
    .max(3_600)
    .default(10)
    .describe('Least time between two edits of the progress comment.'),
  auto_merge: z
    .boolean()
    .default(false)
    .describe('Accepted from older files. `true` is answered with a warning: merging is left to people.'),
});

const usdLimit = z.number().gt(0).max(100_000).nullable();

const limits = z.strictObject({
  cost_limit_usd: usdLimit
    .default(5)
    .describe('Most US dollars one run may spend on model calls, all agents together. `null`: no limit.'),
  max_cost_per_task_usd: usdLimit
    .default(null)
    .describe(
      'Most US dollars one task may spend; it ends then, with its work kept, and the others go on. `null`: no limit.',
    ),
  daily_cost_limit_usd: usdLimit
    .default(null)
    .describe('Most US dollars all runs on the repository may spend on one day (UTC) together. `null`: no limit.'),
  daily_cost_limit_per_person_usd: usdLimit
    .default(null)
    .describe('Most US dollars the runs that one person starts may spend on one day (UTC) together. `null`: no limit.'),
  token_budget: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Most tokens of one run, input (cached or not) and output together. `null`: no limit.'),
  max_api_calls: z.int().min(1).nullable().default(300).describe('Most model calls of one run. `null`: no limit.'),
  timeout_minutes: z
    .number()
    .gt(0)
    .max(1_440)
    .nullable()
    .default(60)
    .describe('Most minutes of one run. Keep it below `timeout-minutes` of the workflow job. `null`: no limit.'),
  check_timeout_minutes: z
    .number()
    .gt(0)
    .max(360)
    .default(10)
    .describe('Most minutes of one check or of the setup command; it is killed then.'),
});

const check = z.strictObject({
  name: z
    .string()
    .regex(/^[^\s:][^\n:]{0,49}$/)
    .meta({ title: 'a name of at most 50 characters, without ":"' }),
  command: words,
});

const price = z.strictObject({
  input_usd: pricePerMillion.describe('Uncached input.'),
  output_usd: pricePerMillion.describe('Output.'),
  cache_read_usd: pricePerMillion.describe('Input read from the cache.'),
  cache_write_usd: pricePerMillion.describe('Input written to the cache (five minutes).'),
});

/** orchestrator-config.json, before defaults are applied (input) and after (output). */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('Path of the JSON schema, for editors.'),
  project_dir: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Accepted from older files, without effect: the file always means the repository it lies in. ' +
        'The `project-dir` input or flag says which one that is.',
    ),
  api_provider: z
    .enum(['anthropic', 'openai', 'openai-compatible'])
    .default('anthropic')
    .describe(
      'Whose model API is called. `openai-compatible` is any server that speaks chat completions (Ollama, vLLM, LM ' +
        'Studio, a gateway); it needs `base_url` and `model`.',
    ),
  base_url: httpAddress.optional().meta({
    description:
      "Address of the model service. Default: the provider's own. The key is sent there, so it must be one you trust.",
    examples: ['https://llm-gateway.example/v1'],
  }),
  model: modelName.optional().meta({
    description:
      'Model of every agent that names none of its own. Default: `claude-sonnet-5-5` (anthropic), `gpt-6-sol` (openai); ' +
      '`openai-compatible` has none.',
    examples: ['claude-sonnet-5-5'],
  }),
  agents: z
    .record(agentId, agentSchema)
    .default({})
    .meta({
      description:
        'Changes to the default agents (`manager`, `backend-dev`, `frontend-dev`, `qa-tester`) and agents of your own. ' +
        '`manager` is the planning role.',
      examples: [
        {
          manager: { model: 'claude-opus-5-5' },
          'data-engineer': { instructions: 'Build and test data pipelines.', specialties: ['ETL', 'SQL'] },
        },
      ],
    }),
  coordination: coordination.prefault({}).describe('How the agents work together.'),
  limits: limits.prefault({}).describe('Where a run stops. What passed until then is kept and published as a draft.'),
  checks: z
    .array(check)
    .max(20)
    .optional()
    .meta({
      description:
        'Commands that tell whether the project is sound. Default: detected from what the repository has. ' +
        '`[]`: there are none.',
      examples: [[{ name: 'unit', command: 'npm test' }]],
    }),
  setup_command: z
    .string()
    .optional()
    .meta({
      description:
        'Command that installs the dependencies, run once on the base commit. Default: detected. ' +
        '`""`: none is needed.',
      examples: ['npm ci'],
    }),
  environment: z
    .array(variableName)
    .max(50)
    .default([])
    .meta({
      description: 'Names of environment variables that checks and agents may see besides the usual few.',
      examples: [['DATABASE_URL']],
    }),
  protected_paths: z
    .array(relativePath)
    .max(100)
    .default([])
    .meta({
      description: 'Globs no agent may change, besides those that are always protected.',
      examples: [['db/migrations/**']],
    }),
  label: z
    .string()
    .regex(/^\S(?:.{0,48}\S)?$/)
    .meta({ title: 'a label of at most 50 characters' })
    .default('ai-implement')
    .describe('Label that starts a run. The `if:` of the workflow must name the same.'),
  base_branch: branchName.optional().meta({
    description: "Branch to build on. Default: the repository's default branch (GitHub) or the current one (terminal).",
    examples: ['main'],
  }),
  branch_prefix: branchPrefix.default('ai').describe('First part of the name of every branch we make.'),
  prices: z
    .record(modelName, price)
    .default({})
    .meta({
      description:
        'Prices of models that our table does not have, or has differently, in US dollars per million tokens.',
      examples: [{ 'my-model': { input_usd: 2, output_usd: 10, cache_read_usd: 0.2, cache_write_usd: 2.5 } }],
    }),
});

/** The file as a user writes it. */
export type ConfigFile = z.output<typeof configSchema>;
export type AgentEntry = z.output<typeof agentSchema>;
