// Entry of the GitHub Action: environment and event file in; log, outputs, job summary and exit code out.
import { join } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { publishRequest } from './action-publish.ts';
import { openPlace, type ActionPlace } from './action-place.ts';
import { runRequest, type ActionResult } from './action-run.ts';
import { readInputs, readSurroundings, secretsOf, type Surroundings } from './action-surroundings.ts';
import { askAhead } from './adapters/ask-ahead.ts';
import { createGitHub } from './adapters/github-api.ts';
import type { GitHubRetry } from './adapters/github-retry.ts';
import type { RemoteOptions } from './adapters/git-remote.ts';
import { askHeads } from './adapters/git-remote-http.ts';
import { openSource, type Source } from './adapters/git-source.ts';
import type { GitStore } from './adapters/git-store.ts';
import { systemClock } from './adapters/system-clock.ts';
import { historyBranch, integrationBranch, runSlug, stateBranch, triggerSlug } from './branch-names.ts';
import { chooseSandbox } from './choose-sandbox.ts';
import { apiKeyOf, missingKey } from './config/providers.ts';
import { describeFailure } from './describe-failure.ts';
import { harmlessSentence } from './harmless-sentence.ts';
import { openRun } from './open-run.ts';
import { readRequest, type Request } from './read-request.ts';
import type { GitHub } from './ports.ts';
import { runnerProblem } from './preflight/runner-problem.ts';
import { forkReplyMarker, renderForkReply } from './publish/fork-reply.ts';
import { createSink, type Sink } from './publish/sink.ts';
import type { AskedRun } from './record/asked-run.ts';
import { secretForms } from './secrets/secret-forms.ts';
import type { StartInput } from './start-input.ts';
import { historyFile } from './state/run-history.ts';
import type { GitHubEvent } from './trigger/read-event.ts';
import type { Trigger } from './types.ts';
import { version } from './version.ts';

async function main(): Promise<void> {
  const inputs = readInputs();
  const sink = createSink({ secrets: secretsOf(inputs) });
  tellUnforeseen(sink);
  maskForms(secretsOf(inputs));
  let wasStopped = false;
  try {
    wasStopped = await runAction(readSurroundings(inputs));
  } catch (error) {
    const failure = describeFailure(error);
    core.setOutput('status', 'failed');
    core.setOutput('stop-reason', harmlessSentence(sink.plain(failure.split('\n', 1)[0] ?? '')));
    core.setFailed(sink.log(failure));
  }
  // Nothing that the run left under way is to outlast it.
  if (wasStopped) process.exit();
}

/** What a process has to put away when it ends, however it ends. */
interface Held {
  place: ActionPlace | null;
  git: GitStore | null;
  /** The run came to its end: its objects are on its branches. */
  hasEnded: boolean;
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
async function runAction(around: Surroundings): Promise<boolean> {
  const held: Held = { place: null, git: null, hasEnded: false };
  try {
    return await answerEvent(around, held);
  } finally {
    // What reads the store outlives a refusal otherwise, and the process with it.
    held.git?.close();
    await held.place?.leave(held.hasEnded);
  }
}

async function answerEvent(around: Surroundings, held: Held): Promise<boolean> {
  const github = createGitHub({ ...around, clock: systemClock, onRetry: tellRetry(around.sink) });
  const remote = remoteOf(around);
  let [asked, heads] = [github, new Map<string, Promise<string | null>>()];
  const reading = await readRequest(eventOf(around), {
    github,
    open: () => openCheckout(around, held, () => ({ ...remote, asked: heads })),
    onAsked: (trigger) => {
      if (around.job === 'publish') return;
      const branch = integrationBranch('ai', slugOf(trigger));
      const asksForEdits = trigger.command !== 'stop' && trigger.confirm === undefined;
      asked = askAhead(github, { ...trigger, branch, file: historyPlace, asksForEdits });
      heads = askHeads(remote, [branch, stateBranch('ai', triggerSlug(trigger))]);
    },
  });
  if (reading.kind === 'skip') {
    if (reading.replyOn !== undefined) await replyOnce(reading.replyOn, github, around.sink);
    skip(reading.reason, around.sink);
    return false;
  }
  if (reading.trigger.command === 'stop') {
    await stopOther(reading, github, around);
    return false;
  }
  if (around.job === 'publish') {
    await report(await publishOther(reading, asked, around));
    return false;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort({ by: `the signal ${signal}`, hurried: true }));
  const deps = { git: reading.opened.git, github: asked, sink: around.sink, stop, write: core.info };
  const result = await runRequest(startInput(reading, around), deps);
  held.hasEnded = true;
  await report(result);
  return stop.signal.aborted;
}

/** Where the runs so far are, as far as can be told before the configuration is read. */
const historyPlace = { branch: historyBranch('ai'), path: historyFile };

/** Says on a pull request, once, that nothing of a fork is worked on. That it cannot be said is no failure. */
async function replyOnce(pullRequest: number, github: GitHub, sink: Sink): Promise<void> {
  try {
    if ((await github.findComment(pullRequest, [forkReplyMarker(pullRequest)])) !== null) return;
    await github.createComment(pullRequest, sink.markdown(renderForkReply(pullRequest)));
  } catch (error) {
    core.warning(sink.log(error instanceof Error ? error.message : String(error)));
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

/**
 * The lock is taken and the folders are made while git looks at the checkout: that costs no time of its own.
 * @param remote asked for when the source is open: what is asked ahead of it is on its way by then
 */
async function openCheckout(around: Surroundings, held: Held, remote: () => RemoteOptions) {
  const { inputs, tempDir, attempt, projectDir } = around;
  const looking = openSource(projectDir);
  const place = await openPlace(
    { tempDir, id: attempt, version },
    looking.then((source) => askedFrom(source, around)),
  );
  held.place = place;
  const source = await looking;
  const opened = await openRun(source, { directory: place.storeDir, remote: remote(), inputs });
  held.git = opened.git;
  const config = chooseSandbox(opened.config, inputs.sandbox ?? '', 'an action has a token that may write');
  return { ...opened, config, branch: source.branch, jobGitDir: source.gitDir, place };
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
      bots: null,
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
  const { inputs, job, earlierAttempts, projectDir } = around;
  const { runId, runDir, scratchDir, earlierRunIds, asked } = opened.place;
  const { provider } = opened.config;
  const apiKey = apiKeyOf(provider, inputs);
  const { isPrivate } = trigger;
  const environment = process.env['RUNNER_ENVIRONMENT'];
  const runner = { environment, isPrivate, isEphemeral: opened.config.ephemeralRunner };
  return {
    ...opened,
    trigger,
    continues,
    checkout: { commit: opened.commit ?? '', branch: opened.branch },
    branch: integrationBranch(opened.config.branchPrefix, slugOf(trigger)),
    problem: opened.problem ?? runnerProblem(runner) ?? missingKey(provider, apiKey),
    runId,
    earlierRunIds: [...earlierAttempts, ...earlierRunIds],
    version,
    apiKey,
    modelUrl: inputs['anthropic-base-url'] || null,
    projectDir,
    runDir,
    asked,
    ...(job === 'agent' ? { resultDir: join(runDir, 'result') } : {}),
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
  const { inputs, sink, attempt, earlierAttempts } = around;
  return publishRequest(
    {
      ...opened,
      ...{ trigger, continues, version },
      checkout: { commit: opened.commit ?? '', branch: opened.branch },
      branch: integrationBranch(opened.config.branchPrefix, slugOf(trigger)),
      runIds: [attempt, ...earlierAttempts],
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
  const place = { branchPrefix, commit: opened.commit ?? '', isUnrecorded: job !== 'both' };
  skip(await stopWork(trigger, place, deps), sink);
}

function skip(reason: string, sink: Sink): void {
  core.info(sink.log(`Nothing to do: ${reason}`));
  core.setOutput('status', 'skipped');
  core.setOutput('stop-reason', harmlessSentence(sink.plain(reason)));
}

void main();
