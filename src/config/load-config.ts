// Defaults < file of the base commit < inputs or flags. All problems are told at once, or none and there is a Config.
import { closest, distance } from 'fastest-levenshtein';
import { RunError } from '../errors.ts';
import { type Config, toConfig } from './config.ts';
import { defaultAgents } from './default-agents.ts';
import { describeIssues } from './describe-issues.ts';
import { type InputSetting, type InputTexts, settingsOf } from './inputs.ts';
import type { ConfigPath } from './json-schema.ts';
import { providerProblems } from './provider-problems.ts';
import type { AgentFile } from './read-agent-file.ts';
import { type ConfigText, readConfigText } from './read-config-text.ts';
import { type AgentEntry, type ConfigFile, configSchema } from './schema.ts';

export interface ConfigSources {
  /** Text of the configuration file in the base commit; null when there is none. */
  readonly fileText: string | null;
  /** How the file is called in messages. */
  readonly filePath: string;
  /** Files named by `agentFilePaths`, read. */
  readonly agentFiles: readonly AgentFile[];
  readonly inputs: InputTexts;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Keys that were accepted without effect, one plain sentence each. */
  readonly warnings: readonly string[];
}

/** @throws RunError `config-invalid` with every problem of all sources, each with place, finding and what is allowed. */
export function loadConfig({ fileText, filePath, agentFiles: agents, inputs }: ConfigSources): LoadedConfig {
  const text = readConfigText(fileText ?? '{}', filePath);
  const settings = settingsOf(inputs);
  const file = configSchema.safeParse(text.problems.length > 0 ? {} : text.value);
  const where = fileWhere(filePath, text);
  const problems = [
    ...text.problems,
    ...(file.success ? agentProblems(file.data.agents, agents, where) : []),
    ...(file.success ? [] : describeIssues(file.error.issues, text.value, where)),
    ...agents.flatMap((agent) => agent.problems),
    ...inputProblems(settings),
  ];
  const merged = file.success ? mergedOf(file.data, agents, settings) : null;
  if (merged !== null) problems.push(...providerProblems(toConfig(merged), inputs));
  if (problems.length > 0 || merged === null) throw invalid(problems);
  return { config: protecting(filePath, toConfig(merged)), warnings: warningsOf(merged) };
}

/** The file itself may have any name, and is no agent's to change. */
function protecting(filePath: string, config: Config): Config {
  const { protectedPaths } = config.diffPolicy;
  const glob = filePath.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');
  if (glob === '' || protectedPaths.includes(glob)) return config;
  return { ...config, diffPolicy: { ...config.diffPolicy, protectedPaths: [...protectedPaths, glob] } };
}

/** File, agent files and inputs as one; null where they have problems of their own that are told anyway. */
function mergedOf(
  file: ConfigFile,
  agents: readonly AgentFile[],
  settings: readonly InputSetting[],
): ConfigFile | null {
  const merged = settings.reduce<unknown>(withSetting, { ...file, agents: allAgents(file.agents, agents) });
  return configSchema.safeParse(merged).data ?? null;
}

const invalid = (problems: readonly string[]): RunError =>
  new RunError('config-invalid', {
    count: String(problems.length),
    problems: problems.map((problem) => `- ${problem}`).join('\n'),
  });

const fileWhere =
  (filePath: string, text: ConfigText) =>
  (path: ConfigPath): string =>
    `${filePath}:${text.lineOf(path)}: ${path.join('.') || 'the file'}`;

/** What only shows when the entries of all files are seen together. */
function agentProblems(
  entries: ConfigFile['agents'],
  files: readonly AgentFile[],
  where: (path: ConfigPath) => string,
): readonly string[] {
  const twice = files.filter(({ id }) => Object.hasOwn(entries, id));
  const bare = Object.entries(entries).filter(
    ([id, entry]) => !Object.hasOwn(defaultAgents, id) && entry.instructions === undefined,
  );
  return [
    ...twice.map(({ id }) => `${where(['agents', id])}: also defined in .ai-agents/agents/${id}.md; keep one of them`),
    ...bare.map(
      ([id]) => `${where(['agents', id, 'instructions'])}: missing; a new agent needs them${likeDefault(id)}`,
    ),
  ];
}

function likeDefault(id: string): string {
  const nearest = closest(id, Object.keys(defaultAgents));
  return distance(id, nearest) <= 3 ? ` (did you mean "${nearest}"?)` : '';
}

/** Inputs are judged apart from the file, so that a problem names its own source. */
function inputProblems(settings: readonly InputSetting[]): readonly string[] {
  const value = settings.reduce<unknown>(withSetting, {});
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return [];
  const inputOf = (path: ConfigPath): string =>
    settings.find((setting) => setting.path.every((key, index) => path[index] === key))?.input ?? path.join('.');
  return describeIssues(parsed.error.issues, value, (path) => `${inputOf(path)} (input or flag)`);
}

function withSetting(whole: unknown, { path, value }: InputSetting): unknown {
  return setIn(whole, path, value);
}

function setIn(whole: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const object: Readonly<Record<string, unknown>> = { ...(typeof whole === 'object' ? whole : {}) };
  return { ...object, [key]: setIn(object[key], rest, value) };
}

function allAgents(entries: ConfigFile['agents'], files: readonly AgentFile[]): Readonly<Record<string, AgentEntry>> {
  const own = files.flatMap(({ id, entry }) => (entry === null ? [] : [[id, entry] as const]));
  return { ...entries, ...Object.fromEntries(own) };
}

function warningsOf({ agents, coordination }: ConfigFile): readonly string[] {
  const warm = Object.keys(agents).filter((id) => agents[id]?.temperature !== undefined);
  return [
    ...(warm.length === 0
      ? []
      : [`temperature (set for ${warm.join(', ')}) is not sent: current model APIs refuse it. Remove the key.`]),
    ...(coordination.auto_merge ? ['auto_merge is not done: ai-implement never merges a pull request.'] : []),
  ];
}
