// What both entries do before a run: the private store on the checkout, and the configuration of its base commit.
import { createGitStore, type GitStore } from './adapters/git-store.ts';
import type { RemoteOptions } from './adapters/git-remote.ts';
import type { Source } from './adapters/git-source.ts';
import { systemClock } from './adapters/system-clock.ts';
import { agentFilePaths, configFilePath } from './config/config-paths.ts';
import type { Config } from './config/config.ts';
import type { InputTexts } from './config/inputs.ts';
import type { AgentFile } from './config/read-agent-file.ts';
import { loadConfig, type LoadedConfig } from './config/load-config.ts';
import { isRunError, RunError } from './errors.ts';
import type { Git } from './ports.ts';

export interface OpenedRun {
  readonly git: GitStore;
  /** The configuration, or the default one where `problem` says why it cannot be had. */
  readonly config: Config;
  readonly warnings: readonly string[];
  /** Null when the repository is empty. */
  readonly commit: string | null;
  /** What keeps a run from starting, told only to people who may start one. */
  readonly problem: RunError | null;
}

/** Opens the checkout. Throws only for what leaves nothing to go on with (git missing). */
export async function openRun(
  source: Source,
  options: { readonly directory: string; readonly remote: RemoteOptions; readonly inputs: InputTexts },
): Promise<OpenedRun> {
  let prefix = '';
  const git = createGitStore({ ...options, source, clock: systemClock, prefix: () => prefix });
  const commit = source.headCommit;
  const read =
    commit === null ? withoutConfig(new RunError('repository-empty')) : await readConfigOf(commit, options, git);
  prefix = read.config.branchPrefix;
  return { ...read, git, commit };
}

type ReadConfig = LoadedConfig & Pick<OpenedRun, 'problem'>;

async function readConfigOf(
  commit: string,
  { inputs }: { readonly inputs: InputTexts },
  git: Git,
): Promise<ReadConfig> {
  try {
    return { ...(await readConfig(commit, inputs, git)), problem: null };
  } catch (error) {
    if (!isRunError(error)) throw error;
    return withoutConfig(error);
  }
}

const withoutConfig = (problem: RunError): ReadConfig => ({ config: defaultConfig(), warnings: [], problem });

const defaultConfig = (): Config => loadConfig({ fileText: null, filePath: '', agentFiles: [], inputs: {} }).config;

async function readConfig(commit: string, inputs: InputTexts, git: Git): Promise<LoadedConfig> {
  const paths = (await git.listFiles(commit)).map((entry) => entry.path);
  const filePath = configFilePath(paths, inputs.config);
  const [fileText, agentFiles] = await Promise.all([
    filePath === null ? null : git.readFile(commit, filePath),
    readAgentFiles(agentFilePaths(paths), commit, git),
  ]);
  return loadConfig({ fileText, filePath: filePath ?? 'orchestrator-config.json', agentFiles, inputs });
}

/** Few projects have such files, and reading YAML takes a parser of 160 KB: it is read when there is one. */
async function readAgentFiles(paths: readonly string[], commit: string, git: Git): Promise<readonly AgentFile[]> {
  if (paths.length === 0) return [];
  const { readAgentFile } = await import('./config/read-agent-file.ts');
  const texts = await Promise.all(paths.map((path) => git.readFile(commit, path)));
  return paths.map((path, i) => readAgentFile({ path, text: texts[i] ?? '' }));
}
