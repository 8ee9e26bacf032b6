// Entry of the GitHub Action: environment and event file in; log, outputs, job summary and exit code out.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { publishRequest } from './action-publish.ts';
import { runRequest, type ActionResult } from './action-run.ts';
import { askAhead } from './adapters/ask-ahead.ts';
import { createGitHub } from './adapters/github-api.ts';
import type { GitHubRetry } from './adapters/github-retry.ts';
import type { RemoteOptions } from './adapters/git-remote.ts';
import { askHeads } from './adapters/git-remote-http.ts';
import { openSource } from './adapters/git-source.ts';
import { makeScratchFolder } from './adapters/scratch-folder.ts';
import { systemClock } from './adapters/system-clock.ts';
import { integrationBranch, runSlug, stateBranch, triggerSlug } from './branch-names.ts';
import { chooseSandbox } from './choose-sandbox.ts';
import { inputDefinition, inputNames, type InputTexts } from './config/inputs.ts';
import { apiKeyOf, missingKey } from './config/providers.ts';
import { describeFailure } from './describe-failure.ts';
import { environmentSecrets } from './environment-secrets.ts';
import { RunError } from './errors.ts';
import { harmlessSentence } from './harmless-sentence.ts';
import { openRun } from './open-run.ts';
import { readRequest, type Request } from './read-request.ts';
import type { GitHub } from './ports.ts';
import { createSink, type Sink } from './publish/sink.ts';
import { secretForms } from './secrets/secret-forms.ts';
import type { StartInput } from './start-run.ts';
import type { GitHubEvent } from './trigger/read-event.ts';
import type { RepositoryName, Trigger } from './types.ts';
import { version } from './version.ts';

type Job = 'both' | 'agent' | 'publish';

interface Surroundings {
  readonly inputs: InputTexts;
  readonly job: Job;
  readonly repository: RepositoryName;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly projectDir: string;
  readonly tempDir: string;
  readonly runId: string;
  readonly earlierRunIds: readonly string[];
  readonly token: string;
  readonly sink: Sink;
}

async function main(): Promise<void> {
  const inputs = readInputs();
  const sink = createSink({ secrets: secretsOf(inputs) });
  tellUnforeseen(sink);
  maskForms(secretsOf(inputs));
  let scratchDir: string | null = null;
  let wasStopped = false;
  try {
    const around = readSurroundings(inputs);
    scratchDir = await makeScratchFolder(around.tempDir, around.runId);
    wasStopped = await runAction(around, scratchDir);
  } catch (error) {
    const failure = describeFailure(error);
    core.setOutput('status', 'failed');
    core.setOutput('stop-reason', harmlessSentence(sink.plain(failure.split('\n', 1)[0] ?? '')));
    core.setFailed(sink.log(failure));
  } finally {
    if (scratchDir !== null) await rm(scratchDir, { recursive: true, force: true });
    // Nothing that the run left under way is to outlast it.
    if (wasStopped) process.exit();
  }
}

/** When no request waits for it any more: until then nothing is in the log that an agent has made. */
const maskAfterMs = 250;

/** The runner hides in its log what it is told: each form for itself, since it knows fewer of them than we do. */
function maskForms(secrets: readonly string[]): void {
  const mask = (): void => secrets.flatMap(secretForms).forEach((form) => core.setSecret(form));
  setTimeout(mask, maskAfterMs).unref();
}

/** What nobody caught would be printed as it is by node: an error may carry the headers of a request. */
function tellUnforeseen(sink: Sink): void {
  const tell = (error: unknown): void => {
    core.setOutput('status', 'failed');
    core.setFailed(sink.log(describeFailure(error)));
    process.exit();
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}

/** @returns true when the run was stopped: what it had begun may still be under way then. */
async function runAction(around: Surroundings, scratchDir: string): Promise<boolean> {
  const github = createGitHub({ ...around, clock: systemClock, onRetry: tellRetry(around.sink) });
  const remote = remoteOf(around);
  let [asked, heads] = [github, new Map<string, Promise<string | null>>()];
  const reading = await readRequest(eventOf(around), {
    github,
    open: () => openCheckout(around, scratchDir, { ...remote, asked: heads }),
    onAsked: (trigger) => {
      if (around.job === 'publish') return;
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
    await stopOther(reading, github, around);
    return false;
  }
  try {
    if (around.job === 'publish') {
      await report(await publishOther(reading, asked, around));
      return false;
    }
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => stop.abort({ by: `the signal ${signal}`, hurried: true }));
    const deps = { git: reading.opened.git, github: asked, sink: around.sink, stop, write: core.info };
    await report(await runRequest(startInput(reading, around, scratchDir), deps));
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

async function openCheckout({ projectDir, inputs }: Surroundings, scratchDir: string, remote: RemoteOptions) {
  const source = await openSource(projectDir);
  const directory = join(scratchDir, 'store');
  const opened = await openRun(source, { directory, remote, inputs });
  const config = chooseSandbox(opened.config, inputs.sandbox ?? '', 'an action has a token that may write');
  return { ...opened, config, branch: source.branch };
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

function startInput({ trigger, continues, opened }: OpenRequest, around: Surroundings, scratchDir: string): StartInput {
  const { inputs, job, tempDir, runId, earlierRunIds, projectDir } = around;
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
    earlierRunIds,
    version,
    apiKey,
    modelUrl: inputs['anthropic-base-url'] || null,
    projectDir,
    runDir: join(tempDir, 'ai-implement', runId),
    ...(job === 'agent' ? { resultDir: join(tempDir, 'ai-implement', runId, 'result') } : {}),
    scratchDir,
    toolhostPath: join(__dirname, 'toolhost.cjs'),
    mirrorPath: join(__dirname, 'mirror.cjs'),
    // Set by the runner (docs.github.com, variables reference): its own machines are thrown away after the job.
    maySudo: process.env['RUNNER_ENVIRONMENT'] === 'github-hosted',
    // Where it is not said, it is taken to be so.
    isPublic: context.payload.repository?.['private'] !== true,
    env: process.env,
  };
}

async function report({ outputs, summary, failure }: ActionResult): Promise<void> {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
  await core.summary.addRaw(summary).write();
  if (failure !== null) core.setFailed(failure);
}

/** What another job of this run of the workflow has left is checked and published. */
async function publishOther({ trigger, continues, opened }: OpenRequest, github: GitHub, around: Surroundings) {
  const { inputs, sink, runId, earlierRunIds } = around;
  return publishRequest(
    {
      ...opened,
      ...{ trigger, continues, version },
      checkout: { commit: opened.commit ?? '', branch: opened.branch },
      branch: integrationBranch(opened.config.branchPrefix, slugOf(trigger)),
      runIds: [runId, ...earlierRunIds],
      directory: inputs['result-dir'] ?? '',
      manifestSha256: inputs['manifest-sha256'] ?? '',
    },
    { git: opened.git, github, sink, write: core.info },
  );
}

async function stopOther({ trigger, opened }: OpenRequest, github: GitHub, { job, sink }: Surroundings): Promise<void> {
  const { stopWork } = await import('./stop-work.ts');
  const { branchPrefix } = opened.config;
  const deps = { git: opened.git, github, nowMs: systemClock.now(), clean: sink.plain };
  try {
    const place = { branchPrefix, commit: opened.commit ?? '', isUnrecorded: job !== 'both' };
    skip(await stopWork(trigger, place, deps), sink);
  } finally {
    opened.git.close();
  }
}

function skip(reason: string, sink: Sink): void {
  core.info(sink.log(`Nothing to do: ${reason}`));
  core.setOutput('status', 'skipped');
  core.setOutput('stop-reason', harmlessSentence(sink.plain(reason)));
}

function readInputs(): InputTexts {
  const inputs: InputTexts = Object.fromEntries(inputNames.map((name) => [name, core.getInput(name)]));
  for (const secret of secretsOf(inputs)) core.setSecret(secret);
  return inputs;
}

/** `1234-2`, and `1234-1` before it: a re-run has the id of its first attempt. */
const attempts = (id: string, attempt: number) => ({
  runId: `${id}-${attempt}`,
  earlierRunIds: Array.from({ length: attempt - 1 }, (_none, i) => `${id}-${i + 1}`),
});

/** The inputs that are secrets, and what the runner gives an action besides. */
const secretsOf = (inputs: InputTexts): readonly string[] => [
  ...new Set([
    ...inputNames.flatMap((name) => {
      const definition = inputDefinition(name);
      const value = inputs[name] ?? '';
      return 'secret' in definition && value !== '' ? [value] : [];
    }),
    ...environmentSecrets(process.env),
  ]),
];

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
    job: jobOf(inputs),
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

function jobOf({ job = '' }: InputTexts): Job {
  if (job === '' || job === 'both') return 'both';
  if (job === 'agent' || job === 'publish') return job;
  throw new RunError('input-invalid', { problem: `\`job\` is "${job}"; it must be both, agent or publish.` });
}

void main();
