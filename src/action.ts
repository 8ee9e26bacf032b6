// Entry of the GitHub Action: environment and event file in; log, outputs, job summary and exit code out.
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { openPlace, type ActionPlace } from './action-place.ts';
import { runRequest, type ActionResult } from './action-run.ts';
import { askAhead } from './adapters/ask-ahead.ts';
import { createGitHub } from './adapters/github-api.ts';
import type { GitHubRetry } from './adapters/github-retry.ts';
import type { RemoteOptions } from './adapters/git-remote.ts';
import { askHeads } from './adapters/git-remote-http.ts';
import { openSource, type Source } from './adapters/git-source.ts';
import { systemClock } from './adapters/system-clock.ts';
import { integrationBranch, runSlug, stateBranch, triggerSlug } from './branch-names.ts';
import { inputDefinition, inputNames, type InputTexts } from './config/inputs.ts';
import { apiKeyOf, missingKey } from './config/providers.ts';
import { describeFailure } from './describe-failure.ts';
import { RunError } from './errors.ts';
import { openRun } from './open-run.ts';
import { readRequest, type Request } from './read-request.ts';
import type { GitHub } from './ports.ts';
import { createSink, type Sink } from './publish/sink.ts';
import type { AskedRun } from './record/asked-run.ts';
import type { StartInput } from './start-run.ts';
import type { GitHubEvent } from './trigger/read-event.ts';
import type { RepositoryName, Trigger } from './types.ts';
import { version } from './version.ts';

interface Surroundings {
  readonly inputs: InputTexts;
  readonly repository: RepositoryName;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly projectDir: string;
  readonly tempDir: string;
  /** `1234-2`, and `1234-1` before it. */
  readonly attempt: string;
  readonly earlierAttempts: readonly string[];
  readonly token: string;
  readonly sink: Sink;
}

async function main(): Promise<void> {
  const inputs = readInputs();
  const sink = createSink({ secrets: secretsOf(inputs) });
  let wasStopped = false;
  try {
    wasStopped = await runAction(readSurroundings(inputs));
  } catch (error) {
    const failure = describeFailure(error);
    core.setOutput('status', 'failed');
    core.setOutput('stop-reason', sink.plain(failure.split('\n', 1)[0] ?? ''));
    core.setFailed(sink.log(failure));
  }
  // Nothing that the run left under way is to outlast it.
  if (wasStopped) process.exit();
}

/** What a process has to put away when it ends, however it ends. */
interface Held {
  place: ActionPlace | null;
  /** The run came to its end: its objects are on its branches. */
  hasEnded: boolean;
}

/** @returns true when the run was stopped: what it had begun may still be under way then. */
async function runAction(around: Surroundings): Promise<boolean> {
  const held: Held = { place: null, hasEnded: false };
  try {
    return await readAndRun(around, held);
  } finally {
    await held.place?.leave(held.hasEnded);
  }
}

async function readAndRun(around: Surroundings, held: Held): Promise<boolean> {
  const github = createGitHub({ ...around, clock: systemClock, onRetry: tellRetry(around.sink) });
  const remote = remoteOf(around);
  let [asked, heads] = [github, new Map<string, Promise<string | null>>()];
  const reading = await readRequest(eventOf(around), {
    github,
    open: () => openCheckout(around, held, { ...remote, asked: heads }),
    onAsked: (trigger) => {
      const branch = integrationBranch('ai', slugOf(trigger));
      asked = askAhead(github, { ...trigger, branch });
      heads = askHeads(remote, [branch, stateBranch('ai', triggerSlug(trigger))]);
    },
  });
  if (reading.kind === 'skip') {
    skip(reading.reason, around.sink);
    return false;
  }
  if (reading.trigger.command === 'stop') {
    await stopOther(reading, github, around.sink);
    return false;
  }
  try {
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => stop.abort({ by: `the signal ${signal}`, hurried: true }));
    const deps = { git: reading.opened.git, github: asked, sink: around.sink, stop, write: core.info };
    const result = await runRequest(startInput(reading, around), deps);
    held.hasEnded = true;
    await report(result);
    return stop.signal.aborted;
  } finally {
    reading.opened.git.close();
  }
}

const tellRetry =
  (sink: Sink) =>
  ({ action, reason, delayMs }: GitHubRetry): void =>
    core.info(sink.log(`GitHub: could not ${action} (${reason}); trying again in ${Math.ceil(delayMs / 1000)} s`));

const remoteOf = ({ serverUrl, repository, token }: Surroundings) => ({
  kind: 'http' as const,
  url: `${serverUrl}/${repository.owner}/${repository.name}.git`,
  token,
});

/** The lock is taken and the folders are made while git looks at the checkout: that costs no time of its own. */
async function openCheckout(around: Surroundings, held: Held, remote: RemoteOptions) {
  const { inputs, tempDir, attempt, projectDir } = around;
  const looking = openSource(projectDir);
  const place = await openPlace(
    { tempDir, id: attempt, version },
    looking.then((source) => askedFrom(source, around)),
  );
  held.place = place;
  const source = await looking;
  const opened = await openRun(source, { directory: place.storeDir, remote, inputs });
  return { ...opened, branch: source.branch, place };
}

/** The event is the same in each start of an attempt; inputs and checkout need not be: a job may have several steps. */
function askedFrom(
  { headCommit: commit, branch }: Pick<Source, 'headCommit' | 'branch'>,
  around: Surroundings,
): AskedRun {
  const secrets = secretsOf(around.inputs);
  const given = Object.entries(around.inputs).filter(([, value]) => value && !secrets.includes(value));
  const options = Object.fromEntries(given.map(([name, value]) => [name, value ?? '']));
  return { command: eventOf(around).inputs.command ?? 'run', options, commit, branch };
}

function eventOf({ inputs, repository }: Surroundings): GitHubEvent {
  return {
    eventName: context.eventName,
    payload: context.payload,
    inputs: {
      label: inputs.label || null,
      issueNumber: inputs['issue-number'] || null,
      feature: inputs.feature || null,
      command: inputs.command === 'plan' || inputs.command === 'stop' ? inputs.command : 'run',
    },
    repository,
    actor: process.env['GITHUB_TRIGGERING_ACTOR'] || context.actor,
  };
}

type OpenRequest = Request & { readonly opened: Awaited<ReturnType<typeof openCheckout>> };

const slugOf = ({ issueNumber, feature }: Trigger): string => runSlug(issueNumber, feature ?? '');

function startInput({ trigger, continues, opened }: OpenRequest, around: Surroundings): StartInput {
  const { inputs, earlierAttempts, projectDir } = around;
  const { runId, runDir, scratchDir, earlierRunIds, asked } = opened.place;
  const { provider } = opened.config;
  const apiKey = apiKeyOf(provider, inputs);
  return {
    ...opened,
    trigger,
    continues,
    checkout: { commit: opened.commit ?? '', branch: opened.branch },
    branch: integrationBranch(opened.config.branchPrefix, slugOf(trigger)),
    problem: opened.problem ?? missingKey(provider, apiKey),
    runId,
    earlierRunIds: [...earlierAttempts, ...earlierRunIds],
    version,
    apiKey,
    modelUrl: inputs['anthropic-base-url'] || null,
    projectDir,
    runDir,
    asked,
    scratchDir,
    toolhostPath: join(__dirname, 'toolhost.cjs'),
    env: process.env,
  };
}

async function report({ outputs, summary, failure }: ActionResult): Promise<void> {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  await core.summary.addRaw(summary).write();
  if (failure !== null) core.setFailed(failure);
}

async function stopOther({ trigger, opened }: OpenRequest, github: GitHub, sink: Sink): Promise<void> {
  const { stopWork } = await import('./stop-work.ts');
  const { branchPrefix } = opened.config;
  const deps = { git: opened.git, github, nowMs: systemClock.now(), clean: sink.plain };
  try {
    skip(await stopWork(trigger, { branchPrefix, commit: opened.commit ?? '' }, deps), sink);
  } finally {
    opened.git.close();
  }
}

function skip(reason: string, sink: Sink): void {
  core.info(sink.log(`Nothing to do: ${reason}`));
  core.setOutput('status', 'skipped');
  core.setOutput('stop-reason', sink.plain(reason));
}

function readInputs(): InputTexts {
  const inputs: InputTexts = Object.fromEntries(inputNames.map((name) => [name, core.getInput(name)]));
  for (const secret of secretsOf(inputs)) core.setSecret(secret);
  return inputs;
}

/** A re-run has the id of its first attempt. */
const attempts = (id: string, attempt: number) => ({
  attempt: `${id}-${attempt}`,
  earlierAttempts: Array.from({ length: attempt - 1 }, (_none, i) => `${id}-${i + 1}`),
});

const secretsOf = (inputs: InputTexts): string[] =>
  inputNames.flatMap((name) => {
    const definition = inputDefinition(name);
    const value = inputs[name] ?? '';
    return 'secret' in definition && value !== '' ? [value] : [];
  });

function readSurroundings(inputs: InputTexts): Surroundings {
  for (const name of [
    'GITHUB_EVENT_NAME',
    'GITHUB_EVENT_PATH',
    'GITHUB_REPOSITORY',
    'GITHUB_API_URL',
    'GITHUB_SERVER_URL',
  ]) {
    if (!process.env[name]) throw new RunError('event-unreadable', { detail: `${name} is not set` });
  }
  const token = inputs['github-token'] ?? '';
  if (token === '') throw new RunError('no-github-token');
  const { apiUrl, serverUrl } = context;
  const { owner, repo: name } = context.repo;
  return {
    inputs,
    repository: { owner, name },
    apiUrl,
    serverUrl,
    projectDir: resolve(process.env['GITHUB_WORKSPACE'] || '.', inputs['project-dir'] || '.'),
    tempDir: process.env['RUNNER_TEMP'] || tmpdir(),
    ...attempts(process.env['GITHUB_RUN_ID'] || '0', Number(process.env['GITHUB_RUN_ATTEMPT']) || 1),
    token,
    sink: createSink({ secrets: secretsOf(inputs), allowedLinks: [`${serverUrl}/${owner}/${name}`] }),
  };
}

void main();
