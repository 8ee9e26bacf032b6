// The configuration as the run uses it: every value decided, units in the names.
import type { PriceOverrides } from '../money/prices.ts';
import type { DiffPolicy } from '../policy/diff-policy.ts';
import type { Limits, Role, SandboxConfig } from '../types.ts';
import { defaultAgents, managerId } from './default-agents.ts';
import { editFormatOf } from './edit-format.ts';
import { alwaysProtectedPaths, neverProtectedPaths } from './protected-paths.ts';
import { defaultModelOf } from './providers.ts';
import { publicRegistryHosts } from './registry-hosts.ts';
import type { AgentEntry, ConfigFile } from './schema.ts';

/** What a run is told to do. Nothing in it is a secret. */
export type Config = Readonly<ReturnType<typeof toConfig>>;

const managerMaxTokens = 32_000;
const workerMaxTokens = 16_000;
const minuteMs = 60_000;

/** Turns a file with all defaults applied into the values of a run. */
export function toConfig(file: ConfigFile) {
  const { coordination } = file;
  const model = modelOf(file);
  return {
    provider: file.api_provider,
    /** Null: the provider's own. */
    baseUrl: file.base_url ?? null,
    model,
    /** Which of the two tools for changing files the agents of a run have. One for all, as their tools are one list. */
    editFormat: editFormatOf(file.api_provider, model),
    /** The planning role. */
    manager: roleOf(managerId, file),
    /** Roles that tasks can be given to: the default ones, then the user's own. */
    roles: agentIds(file.agents).map((id) => roleOf(id, file)),
    maxParallel: coordination.parallel_execution ? coordination.max_parallel : 1,
    /** Most times the manager is asked for help with one task. */
    maxRetries: coordination.max_retries,
    review: coordination.review,
    limits: limitsOf(file),
    /** Least time between two edits of the progress comment. */
    progressIntervalMs: coordination.check_interval_seconds * 1_000,
    /** Null: detect them. An empty list: there are none. */
    checks: file.checks ?? null,
    /** Null: detect it. Empty: none is needed. */
    setupCommand: file.setup_command ?? null,
    /** Time limit of one check and of the setup command. */
    checkTimeoutMs: file.limits.check_timeout_minutes * minuteMs,
    /** Names of variables that commands may see besides the usual few. */
    environment: file.environment,
    sandbox: sandboxOf(file),
    /** What of a change may be published. */
    diffPolicy: diffPolicyOf(file),
    label: file.label,
    /** Null: the default branch (GitHub) or the current one (terminal). */
    baseBranch: file.base_branch ?? null,
    branchPrefix: file.branch_prefix,
    /** Whether the report holds transcripts; `auto`: unless the repository is public. */
    transcripts: file.report.transcript,
    prices: pricesOf(file),
  };
}

function diffPolicyOf(file: ConfigFile): DiffPolicy {
  return {
    protectedPaths: [...alwaysProtectedPaths, ...file.protected_paths],
    exclude: [...neverProtectedPaths, ...file.protected_paths_exclude],
    allowedRegistryHosts: [...publicRegistryHosts, ...file.registry_hosts],
  };
}

/** Model of the agents that name none. A file without one where the provider has no default is refused before. */
const modelOf = (file: ConfigFile): string => file.model ?? defaultModelOf(file.api_provider) ?? '';

/** Ids of all agents that tasks can be given to. */
function agentIds(agents: ConfigFile['agents']): readonly string[] {
  return [...new Set([...Object.keys(defaultAgents), ...Object.keys(agents)])].filter((id) => id !== managerId);
}

function roleOf(id: string, file: ConfigFile): Role {
  const entry: AgentEntry = file.agents[id] ?? {};
  const fallback = defaultAgents[id];
  return {
    id,
    instructions: entry.instructions ?? fallback?.instructions ?? '',
    specialties: entry.specialties ?? fallback?.specialties ?? [],
    model: entry.model ?? modelOf(file),
    maxTokens: entry.max_tokens ?? (id === managerId ? managerMaxTokens : workerMaxTokens),
    effort: entry.effort ?? (id === managerId ? 'high' : 'medium'),
    fallbackModel: entry.fallback_model ?? null,
  };
}

function sandboxOf({ sandbox }: ConfigFile): SandboxConfig {
  return {
    backend: sandbox.backend,
    network: sandbox.network,
    hosts: sandbox.hosts,
    minimumPackageAgeDays: sandbox.minimum_package_age_days,
    memoryBytes: sandbox.memory_mb === undefined ? null : sandbox.memory_mb * 1024 * 1024,
    readOnlyPaths: sandbox.read_only_paths,
  };
}

function limitsOf({ limits, coordination }: ConfigFile): Limits {
  const { timeout_minutes: minutes } = limits;
  const nanoUsd = (usd: number | null): number | null => (usd === null ? null : Math.round(usd * 1e9));
  return {
    maxApiCalls: limits.max_api_calls,
    tokenBudget: limits.token_budget,
    costLimitNanoUsd: nanoUsd(limits.cost_limit_usd),
    maxCostPerTaskNanoUsd: nanoUsd(limits.max_cost_per_task_usd),
    dailyCostLimitNanoUsd: nanoUsd(limits.daily_cost_limit_usd),
    dailyCostLimitPerPersonNanoUsd: nanoUsd(limits.daily_cost_limit_per_person_usd),
    maxTurnsPerTask: coordination.max_iterations,
    timeoutMs: minutes === null ? null : minutes * minuteMs,
  };
}

function pricesOf({ prices }: ConfigFile): PriceOverrides {
  const overrides = Object.entries(prices).map(([model, price]) => [
    model,
    {
      inputUsd: price.input_usd,
      outputUsd: price.output_usd,
      cacheReadUsd: price.cache_read_usd,
      cacheWriteUsd: price.cache_write_usd,
    },
  ]);
  return Object.fromEntries(overrides);
}
