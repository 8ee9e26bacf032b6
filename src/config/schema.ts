// Every option of orchestrator-config.json, once. The JSON schema, action.yml, the docs tables, the commented example and
// the words of every complaint are made from this file.
import * as z from 'zod/mini';
import { mayPassToTools } from '../sandbox/tool-environment.ts';
import { sandboxSchema } from './sandbox-schema.ts';

const modelName = z.string().check(z.regex(/^\S{1,100}$/), z.meta({ title: 'a model name without spaces' }));
const words = z.string().check(z.trim(), z.minLength(1), z.meta({ title: 'a text that is not empty' }));
const relativePath = z
  .string()
  .check(
    z.regex(/^(?![/\\])(?!.*(?:^|\/)\.\.(?:\/|$)).+$/),
    z.meta({ title: 'a glob below the root of the repository, like "db/migrations/**"' }),
  );
const branchName = z
  .string()
  .check(
    z.regex(/^(?!.*(?:\.\.|\/\/|@\{))(?!.*\.lock$)[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}(?<![/.])$/),
    z.meta({ title: 'a branch name' }),
  );
const branchPrefix = z
  .string()
  .check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,19}(?:\/[a-z0-9][a-z0-9-]{0,19})?$/),
    z.meta({ title: 'one or two words of a-z, 0-9 and -, joined by "/"' }),
  );
const variableName = z
  .string()
  .check(
    z.refine(mayPassToTools),
    z.meta({ title: 'a variable name that does not look like a secret or a tool setting' }),
  );
const httpAddress = z
  .string()
  .check(
    z.regex(/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/),
    z.meta({ title: 'an http or https address without a password, like "http://localhost:11434/v1"' }),
  );
const registryHost = z
  .string()
  .check(
    z.regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:\/[\w.-]+)*$/),
    z.meta({ title: 'a host, with the path where only what lies below it is meant, like "npm.example.com"' }),
  );
const pricePerMillion = z.number().check(z.gte(0), z.lte(10_000));

/** Ids of agents: they become part of branch names and file names. */
export const agentId = z
  .string()
  .check(
    z.regex(/^[a-z][a-z0-9-]{0,39}$/),
    z.meta({ title: 'an agent id: a-z, 0-9 and -, starting with a letter, at most 40 characters' }),
  );

/** What can be said about one agent, in the file or in the front matter of `.ai-agents/agents/<id>.md`. */
export const agentSchema = z.strictObject({
  model: z.optional(modelName).check(z.describe('Model of this agent. Default: the `model` above.')),
  effort: z
    .optional(z.enum(['low', 'medium', 'high']))
    .check(
      z.describe(
        'How much the model may think, where it can be told. Default: high for the manager, medium for the others.',
      ),
    ),
  fallback_model: z
    .optional(modelName)
    .check(z.describe('Model to go on with, from the next task on, when `model` cannot be had. Default: none.')),
  max_tokens: z
    .optional(z.int().check(z.gte(1_024), z.lte(128_000)))
    .check(z.describe('Most output tokens of one reply. Default: 32000 for the manager, 16000 for the others.')),
  instructions: z
    .optional(words)
    .check(z.describe('What the agent is told about its role. A new agent needs it; a default agent has its own.')),
  specialties: z
    .optional(z.array(words).check(z.maxLength(20)))
    .check(z.describe('What the agent is good at; the manager assigns tasks by it.')),
  temperature: z
    .optional(z.number().check(z.gte(0), z.lte(2)))
    .check(z.describe('Accepted from older files and not sent, with a warning: current model APIs refuse it.')),
});

const coordination = z.strictObject({
  parallel_execution: z
    ._default(z.boolean(), true)
    .check(z.describe('Let agents work at the same time. `false` is `max_parallel` 1.')),
  max_parallel: z
    ._default(z.int().check(z.gte(1), z.lte(16)), 3)
    .check(z.describe('Most agents at work at the same time.')),
  max_iterations: z
    ._default(z.int().check(z.gte(1), z.lte(500)), 60)
    .check(z.describe('Most turns (model replies) one task may take.')),
  max_retries: z
    ._default(z.int().check(z.gte(0), z.lte(10)), 2)
    .check(
      z.describe(
        'Most times the manager is asked for guidance when one task is stuck; then its work is kept as partial.',
      ),
    ),
  review: z
    ._default(z.enum(['auto', 'always', 'off']), 'auto')
    .check(
      z.describe(
        'Whether the manager reads the integrated change once more, knowing nothing of how it was made. `auto`: not for ' +
          'at most 15 changed lines whose checks all pass.',
      ),
    ),
  check_interval_seconds: z
    ._default(z.int().check(z.gte(1), z.lte(3_600)), 10)
    .check(z.describe('Least time between two edits of the progress comment.')),
  auto_merge: z
    ._default(z.boolean(), false)
    .check(z.describe('Accepted from older files. `true` is answered with a warning: merging is left to people.')),
});

const usdLimit = z.nullable(z.number().check(z.gt(0), z.lte(100_000)));

const limits = z.strictObject({
  cost_limit_usd: z
    ._default(usdLimit, 5)
    .check(z.describe('Most US dollars one run may spend on model calls, all agents together. `null`: no limit.')),
  max_cost_per_task_usd: z
    ._default(usdLimit, null)
    .check(
      z.describe(
        'Most US dollars one task may spend; it ends then, with its work kept, and the others go on. `null`: no limit.',
      ),
    ),
  daily_cost_limit_usd: z
    ._default(usdLimit, null)
    .check(
      z.describe('Most US dollars all runs on the repository may spend on one day (UTC) together. `null`: no limit.'),
    ),
  daily_cost_limit_per_person_usd: z
    ._default(usdLimit, null)
    .check(
      z.describe(
        'Most US dollars the runs that one person starts may spend on one day (UTC) together. `null`: no limit.',
      ),
    ),
  token_budget: z
    ._default(z.nullable(z.int().check(z.gte(1))), null)
    .check(z.describe('Most tokens of one run, input (cached or not) and output together. `null`: no limit.')),
  max_api_calls: z
    ._default(z.nullable(z.int().check(z.gte(1))), 300)
    .check(z.describe('Most model calls of one run. `null`: no limit.')),
  timeout_minutes: z
    ._default(z.nullable(z.number().check(z.gt(0), z.lte(1_440))), 60)
    .check(
      z.describe('Most minutes of one run. Keep it below `timeout-minutes` of the workflow job. `null`: no limit.'),
    ),
  check_timeout_minutes: z
    ._default(z.number().check(z.gt(0), z.lte(360)), 10)
    .check(z.describe('Most minutes of one check or of the setup command; it is killed then.')),
});

const check = z.strictObject({
  name: z
    .string()
    .check(z.regex(/^[^\s:][^\n:]{0,49}$/), z.meta({ title: 'a name of at most 50 characters, without ":"' })),
  command: words,
});

const price = z.strictObject({
  input_usd: pricePerMillion.check(z.describe('Uncached input.')),
  output_usd: pricePerMillion.check(z.describe('Output.')),
  cache_read_usd: pricePerMillion.check(z.describe('Input read from the cache.')),
  cache_write_usd: pricePerMillion.check(z.describe('Input written to the cache (five minutes).')),
});

const report = z.strictObject({
  transcript: z
    ._default(z.enum(['auto', 'always', 'never']), 'auto')
    .check(
      z.describe(
        'Whether it holds the transcripts of the agents: all they were told, said and ran, with secrets taken out. ' +
          '`auto`: not on a public repository, where anybody may read what a workflow uploads.',
      ),
    ),
});

/** orchestrator-config.json, before defaults are applied (input) and after (output). */
export const configSchema = z.strictObject({
  $schema: z.optional(z.string()).check(z.describe('Path of the JSON schema, for editors.')),
  project_dir: z
    .optional(z.string().check(z.minLength(1)))
    .check(
      z.describe(
        'Accepted from older files, without effect: the file always means the repository it lies in. ' +
          'The `project-dir` input or flag says which one that is.',
      ),
    ),
  api_provider: z
    ._default(z.enum(['anthropic', 'openai', 'openai-compatible']), 'anthropic')
    .check(
      z.describe(
        'Whose model API is called. `openai-compatible` is any server that speaks chat completions (Ollama, vLLM, LM ' +
          'Studio, a gateway); it needs `base_url` and `model`.',
      ),
    ),
  base_url: z.optional(httpAddress).check(
    z.meta({
      description:
        "Address of the model service. Default: the provider's own. The key is sent there, so it must be one you trust.",
      examples: ['https://llm-gateway.example/v1'],
    }),
  ),
  model: z.optional(modelName).check(
    z.meta({
      description:
        'Model of every agent that names none of its own. Default: `claude-sonnet-5-5` (anthropic), `gpt-6-sol` (openai); ' +
        '`openai-compatible` has none.',
      examples: ['claude-sonnet-5-5'],
    }),
  ),
  agents: z._default(z.record(agentId, agentSchema), {}).check(
    z.meta({
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
  ),
  coordination: z.prefault(coordination, {}).check(z.describe('How the agents work together.')),
  limits: z
    .prefault(limits, {})
    .check(z.describe('Where a run stops. What passed until then is kept and published as a draft.')),
  checks: z.optional(z.array(check).check(z.maxLength(20))).check(
    z.meta({
      description:
        'Commands that tell whether the project is sound. Default: detected from what the repository has. ' +
        '`[]`: there are none.',
      examples: [[{ name: 'unit', command: 'npm test' }]],
    }),
  ),
  setup_command: z.optional(z.string()).check(
    z.meta({
      description:
        'Command that installs the dependencies, run once on the base commit. Default: detected. ' +
        '`""`: none is needed.',
      examples: ['npm ci'],
    }),
  ),
  environment: z._default(z.array(variableName).check(z.maxLength(50)), []).check(
    z.meta({
      description: 'Names of environment variables that checks and agents may see besides the usual few.',
      examples: [['DATABASE_URL']],
    }),
  ),
  sandbox: z.prefault(sandboxSchema, {}).check(z.describe('What commands of agents and checks may see and reach.')),
  protected_paths: z._default(z.array(relativePath).check(z.maxLength(100)), []).check(
    z.meta({
      description: 'Globs no agent may change, besides those that are always protected.',
      examples: [['db/migrations/**']],
    }),
  ),
  protected_paths_exclude: z._default(z.array(relativePath).check(z.maxLength(100)), []).check(
    z.meta({
      description:
        'Globs agents may change although they are protected, or lie in a new top-level directory whose name begins with ' +
        'a dot. Case counts here.',
      examples: [['docs/AGENTS.md', '.storybook/**']],
    }),
  ),
  registry_hosts: z._default(z.array(registryHost).check(z.maxLength(50)), []).check(
    z.meta({
      description: 'Hosts that packages in lockfiles may come from, besides the public registries.',
      examples: [['npm.example.com', 'github.com/our-organisation']],
    }),
  ),
  label: z
    ._default(
      z.string().check(z.regex(/^\S(?:.{0,48}\S)?$/), z.meta({ title: 'a label of at most 50 characters' })),
      'ai-implement',
    )
    .check(z.describe('Label that starts a run. The `if:` of the workflow must name the same.')),
  base_branch: z.optional(branchName).check(
    z.meta({
      description:
        "Branch to build on. Default: the repository's default branch (GitHub) or the current one (terminal).",
      examples: ['main'],
    }),
  ),
  branch_prefix: z._default(branchPrefix, 'ai').check(z.describe('First part of the name of every branch we make.')),
  report: z.prefault(report, {}).check(z.describe('What the HTML report of a run shows.')),
  prices: z._default(z.record(modelName, price), {}).check(
    z.meta({
      description:
        'Prices of models that our table does not have, or has differently, in US dollars per million tokens.',
      examples: [{ 'my-model': { input_usd: 2, output_usd: 10, cache_read_usd: 0.2, cache_write_usd: 2.5 } }],
    }),
  ),
});

/** The file as a user writes it. */
export type ConfigFile = z.output<typeof configSchema>;
export type AgentEntry = z.output<typeof agentSchema>;
