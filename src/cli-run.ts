// `ai-implement run` and `plan`: the same job from a terminal, on a local repository or on GitHub.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createGitHub } from './adapters/github-api.ts';
import { hasUncommitted, openSource, type Source } from './adapters/git-source.ts';
import { readOrigin } from './adapters/git-origin.ts';
import { listRuns, runsDirectory } from './adapters/run-folders.ts';
import { lockRun } from './adapters/run-lock.ts';
import { makeScratchFolder } from './adapters/scratch-folder.ts';
import { removeFilled } from './adapters/tree-place.ts';
import { createTerminalReporter } from './adapters/terminal-reporter.ts';
import { makeIgnoredFolder } from './adapters/text-files.ts';
import { systemClock } from './adapters/system-clock.ts';
import { integrationBranch, runSlug } from './branch-names.ts';
import { chooseSandbox } from './choose-sandbox.ts';
import { localRuns } from './cli-history.ts';
import { inputNames, type InputTexts } from './config/inputs.ts';
import { apiKeyOf, missingKey } from './config/providers.ts';
import { environmentSecrets } from './environment-secrets.ts';
import { RunError } from './errors.ts';
import { openRun, type OpenedRun } from './open-run.ts';
import type { GitHub } from './ports.ts';
import { createSink, type Sink } from './publish/sink.ts';
import { renderTerminalSummary } from './publish/terminal-summary.ts';
import { fitsRequest, type AskedRun } from './record/asked-run.ts';
import type { EndedRun, StartInput } from './start-input.ts';
import { startRun } from './start-run.ts';
import type { StopReason } from './stop-run.ts';
import type { RepositoryName, Trigger } from './types.ts';
import { version } from './version.ts';

/** Flags as commander gives them: camelCase, texts. */
export interface TerminalOptions extends Readonly<Record<string, string | undefined>> {
  readonly projectDir: string;
  readonly feature?: string;
  readonly issue?: string;
  readonly repo?: string;
}

interface Forge {
  readonly repository: RepositoryName;
  readonly url: string;
  readonly token: string;
  readonly github: GitHub;
}

interface Terminal {
  readonly options: TerminalOptions;
  readonly issueNumber: number | null;
  readonly source: Source;
  readonly forge: Forge | null;
  readonly opened: OpenedRun;
  readonly sink: Sink;
  readonly apiKey: string;
  readonly runId: string;
  readonly asked: AskedRun;
  readonly runDir: string;
  readonly scratchDir: string;
}

/** Which run of this machine a command stands for. */
export interface ChosenRun {
  readonly runId: string;
  readonly asked: AskedRun;
}

export type TerminalEnding = EndedRun & { readonly interrupted: boolean };

/**
 * Runs and prints the summary. An unfinished run of the same request on the same commit is gone on with, unless `fresh`.
 * Throws RunError for what is wrong with the call; nothing was started then.
 */
export async function runFromTerminal(
  command: Trigger['command'],
  options: TerminalOptions,
  fresh: boolean,
): Promise<TerminalEnding> {
  const source = await openSource(options.projectDir);
  const given = Object.entries(options).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const { headCommit: commit, branch } = source;
  const asked: AskedRun = { command, options: Object.fromEntries(given), commit, branch };
  const unfinished = fresh ? null : findUnfinished(resolve(options.projectDir), asked);
  return runChosen({ runId: unfinished ?? newRunId(), asked }, options.projectDir);
}

/** The newest run that can be gone on with, and on which no process works. */
function findUnfinished(projectDir: string, asked: AskedRun): string | null {
  const found = listRuns(projectDir).findLast(
    ({ journal, hasEnded, pid }) =>
      journal !== null && !hasEnded && pid === null && fitsRequest(journal.entries, asked, version),
  );
  return found?.runId ?? null;
}

/** Starts a run, or goes on with the one of this id. @throws RunError `run-is-going` */
export async function runChosen({ runId, asked }: ChosenRun, projectDir: string): Promise<TerminalEnding> {
  const runDir = join(runsDirectory(resolve(projectDir)), runId);
  const unlock = lockRun(runDir, runId);
  const scratchDir = await makeScratchFolder(tmpdir(), runId);
  try {
    const options = { ...asked.options, projectDir };
    return await runInTerminal(asked.command, await openTerminal(options, asked, { runId, runDir, scratchDir }));
  } finally {
    await removeFilled([scratchDir]);
    unlock();
    // A call that was refused leaves nothing behind.
    if (!existsSync(join(runDir, 'journal.jsonl'))) await rm(runDir, { recursive: true, force: true });
  }
}

type Places = Pick<Terminal, 'runId' | 'runDir' | 'scratchDir'>;

async function openTerminal(options: TerminalOptions, asked: AskedRun, places: Places): Promise<Terminal> {
  const issueNumber = readIssueNumber(options);
  const token = process.env['GITHUB_TOKEN'] || process.env['GH_TOKEN'] || '';
  const sink = createSink({ secrets: environmentSecrets(process.env) });
  const source = { ...(await openSource(options.projectDir)), headCommit: asked.commit, branch: asked.branch };
  const forge = issueNumber === null ? null : await openForge(source, options, token, sink);
  const has = source.headCommit === null ? [] : [source.headCommit];
  const opened = await openRun(source, {
    // Beside the journal, which names objects in it.
    directory: join(places.runDir, 'store'),
    remote: forge === null ? { kind: 'local', gitDir: source.gitDir, has } : { kind: 'http', url: forge.url, token },
    inputs: inputsOf(options),
  });
  const apiKey = apiKeyOf(opened.config.provider, process.env);
  const warnings = (await hasUncommitted(options.projectDir)) ? [...opened.warnings, uncommitted] : opened.warnings;
  const whyNotOff = forge === null ? null : 'with `--issue` there is a token that may write';
  const config = chooseSandbox(opened.config, options['sandbox'] ?? '', whyNotOff);
  return {
    options,
    asked,
    issueNumber,
    source,
    forge,
    opened: { ...opened, config, warnings },
    sink,
    apiKey,
    ...places,
  };
}

async function runInTerminal(command: Trigger['command'], terminal: Terminal) {
  const { opened, apiKey, sink, forge } = terminal;
  try {
    const problem = opened.problem ?? missingKey(opened.config.provider, apiKey);
    if (problem !== null) throw problem;
    const stop = new AbortController();
    let interrupted = false;
    // The second one ends the process at once: nothing listens any more.
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        interrupted = true;
        stop.abort({ by: `the signal ${signal}`, hurried: true } satisfies StopReason);
      });
    const noColor = process.env['NO_COLOR'];
    const reporter = createTerminalReporter({ stdout: process.stdout, sink, clock: systemClock, noColor });
    const github = forge?.github ?? null;
    const ended = await startRun(startInput(command, terminal), { git: opened.git, github, sink, stop, reporter });
    reporter.close();
    const report = ended.reportPath === '' ? '' : `Report: ${ended.reportPath}\n`;
    process.stdout.write(`${sink.plain(renderTerminalSummary(ended.state))}\n${report}`);
    return { ...ended, interrupted };
  } finally {
    opened.git.close();
  }
}

function startInput(command: Trigger['command'], terminal: Terminal): StartInput {
  const { options, issueNumber, source, forge, opened, apiKey, runId, runDir, scratchDir, asked } = terminal;
  const projectDir = resolve(options.projectDir);
  makeIgnoredFolder(runsDirectory(projectDir));
  return {
    ...opened,
    problem: null,
    trigger: triggerOf(command, options, issueNumber, forge),
    continues: null,
    // On GitHub the base is the server's: commits that nobody pushed are not to show up in a pull request.
    checkout: { commit: opened.commit ?? '', branch: forge === null ? source.branch : null },
    branch: integrationBranch(opened.config.branchPrefix, runSlug(issueNumber, options.feature ?? '')),
    runId,
    version,
    apiKey,
    modelUrl: options['anthropicBaseUrl'] ?? process.env['ANTHROPIC_BASE_URL'] ?? null,
    projectDir,
    runDir,
    // What a terminal run leaves stays on its machine.
    isPublic: false,
    asked,
    localRuns: () => localRuns(projectDir, runId),
    scratchDir,
    toolhostPath: join(__dirname, 'toolhost.cjs'),
    mirrorPath: join(__dirname, 'mirror.cjs'),
    maySudo: false,
    env: process.env,
  };
}

const uncommitted = 'There are uncommitted changes: the run starts from the last commit and does not see them.';

function readIssueNumber({ issue, feature }: TerminalOptions): number | null {
  if (issue === undefined && (feature ?? '').trim() === '') throw new RunError('nothing-to-do');
  if (issue === undefined) return null;
  if (feature !== undefined)
    throw new RunError('input-invalid', { problem: 'give either --issue or --feature, not both' });
  const number = Number(issue.replace(/^#/, ''));
  if (!Number.isInteger(number) || number < 1) {
    throw new RunError('input-invalid', { problem: `--issue "${issue}" is not an issue number` });
  }
  return number;
}

/** The inputs of a configuration among the flags. */
export function inputsOf(options: Readonly<Record<string, string | undefined>>): InputTexts {
  const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(inputNames.map((name) => [name, options[camel(name)] ?? '']));
}

async function openForge(source: Source, { repo }: TerminalOptions, token: string, sink: Sink): Promise<Forge> {
  if (token === '') throw new RunError('no-github-token');
  const origin = await readOrigin(source.gitDir, repo ?? null, {
    serverUrl: process.env['GITHUB_SERVER_URL'] ?? null,
    apiUrl: process.env['GITHUB_API_URL'] ?? null,
  });
  const { repository, apiUrl } = origin;
  const github = createGitHub({
    apiUrl,
    // Of the same environment only: the token goes there.
    graphqlUrl: process.env['GITHUB_API_URL'] ? process.env['GITHUB_GRAPHQL_URL'] : undefined,
    token,
    repository,
    clock: systemClock,
    onRetry: ({ action, reason }) =>
      process.stderr.write(sink.log(`GitHub: could not ${action} (${reason}); trying again\n`)),
  });
  return { repository, token, github, url: `${origin.serverUrl}/${repository.owner}/${repository.name}.git` };
}

function triggerOf(
  command: Trigger['command'],
  options: TerminalOptions,
  issueNumber: number | null,
  forge: Forge | null,
): Trigger {
  return {
    source: 'terminal',
    command,
    repository: forge?.repository ?? null,
    issueNumber,
    pullRequestNumber: null,
    commentId: null,
    actor: process.env['USER'] || 'terminal',
    at: null,
    feature: options.feature ?? null,
    instructions: '',
    ...(options['confirm'] === undefined ? {} : { confirm: options['confirm'].trim().toLowerCase() }),
    snapshot: null,
  };
}

/** Sorts by time and is unique: `20261122-183005-3f9a`. */
function newRunId(): string {
  const time = new Date(systemClock.now()).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${randomBytes(2).toString('hex')}`;
}
