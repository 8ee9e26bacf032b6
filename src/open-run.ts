// What both entries do before a run: the private store on the checkout, and the configuration of its base commit.
import { createGitStore, type GitStore } from './adapters/git-store.ts';
import type { RemoteOptions } from './adapters/git-remote.ts';
import type { Source } from './adapters/git-source.ts';
import { systemClock } from './adapters/system-clock.ts';
import { agentFilePaths, configFilePath } from './config/config-paths.ts';
import type { Config } from './config/config.ts';
import type { InputTexts } from './config/inputs.ts';
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
  const opened = { config: defaultConfig(), warnings: [] as readonly string[], problem: null as RunError | null };
  const git = await createGitStore({
    ...options,
    source,
    clock: systemClock,
    prefix: () => opened.config.branchPrefix,
  });
  const commit = source.headCommit;
  if (commit === null) return { ...opened, git, commit, problem: new RunError('repository-empty') };
  try {
    Object.assign(opened, await readConfig(commit, options.inputs, git));
  } catch (error) {
    if (!isRunError(error)) throw error;
    opened.problem = error;
  }
  return { ...opened, git, commit };
}

const defaultConfig = (): Config => loadConfig({ fileText: null, filePath: '', agentFiles: [], inputs: {} }).config;

async function readConfig(commit: string, inputs: InputTexts, git: Git): Promise<LoadedConfig> {
  const paths = (await git.listFiles(commit)).map((entry) => entry.path);
  const filePath = configFilePath(paths, inputs.config);
  const [fileText, ...agentFiles] = await Promise.all([
    filePath === null ? null : git.readFile(commit, filePath),
    ...agentFilePaths(paths).map(async (path) => ({ path, text: (await git.readFile(commit, path)) ?? '' })),
  ]);
  return loadConfig({ fileText, filePath: filePath ?? 'orchestrator-config.json', agentFiles, inputs });
}
