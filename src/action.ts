// Entry of the GitHub Action: environment and event file in; log, outputs, job summary and exit code out.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { actionOutputs } from './action-outputs.ts';
import { createGitHub } from './adapters/github-api.ts';
import { openSource } from './adapters/git-source.ts';
import { createPlainReporter } from './adapters/plain-reporter.ts';
import { systemClock } from './adapters/system-clock.ts';
import { integrationBranch, runSlug } from './branch-names.ts';
import { inputDefinition, inputNames, type InputTexts } from './config/inputs.ts';
import { describeFailure } from './describe-failure.ts';
import { RunError } from './errors.ts';
import { openRun, type OpenedRun } from './open-run.ts';
import type { GitHub } from './ports.ts';
import { renderJobSummary } from './publish/job-summary.ts';
import { createSink, type Sink } from './publish/sink.ts';
import { startRun, type EndedRun } from './start-run.ts';
import { authorize } from './trigger/authorize.ts';
import { readOwnPullRequest } from './trigger/pull-request.ts';
import { readEvent } from './trigger/read-event.ts';
import type { PullRequest, RepositoryName, Trigger } from './types.ts';
import { version } from './version.ts';

interface Surroundings {
  readonly inputs: InputTexts;
  readonly repository: RepositoryName;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly projectDir: string;
  readonly tempDir: string;
  readonly runId: string;
  readonly token: string;
  readonly sink: Sink;
}

interface Request {
  readonly trigger: Trigger;
  readonly continues: PullRequest | null;
}

async function main(): Promise<void> {
  const inputs = readInputs();
  const sink = createSink({ secrets: secretsOf(inputs) });
  let scratchDir: string | null = null;
  try {
    const around = readSurroundings(inputs);
    scratchDir = join(around.tempDir, `ai-implement-${around.runId}`);
    await runAction(around, scratchDir);
  } catch (error) {
    core.setOutput('status', 'failed');
    core.setFailed(sink.log(describeFailure(error)));
  } finally {
    if (scratchDir !== null) await rm(scratchDir, { recursive: true, force: true });
  }
}

async function runAction(around: Surroundings, scratchDir: string): Promise<void> {
  const source = await openSource(around.projectDir);
  const url = `${around.serverUrl}/${around.repository.owner}/${around.repository.name}.git`;
  const opened = await openRun(source, {
    directory: join(scratchDir, 'store'),
    remote: { kind: 'http', url, token: around.token },
    inputs: around.inputs,
  });
  try {
    const github = createGitHub({
      apiUrl: around.apiUrl,
      token: around.token,
      repository: around.repository,
      clock: systemClock,
      onRetry: ({ action, reason, delayMs }) =>
        core.info(
          around.sink.log(`GitHub: could not ${action} (${reason}); trying again in ${Math.ceil(delayMs / 1000)} s`),
        ),
    });
    const request = await readRequest(around, opened, github);
    if ('reason' in request) return skip(request.reason, around.sink);
    const ended = await startRequest(request, { around, opened, github, scratchDir, branch: source.branch });
    await report(ended, around.sink);
  } finally {
    opened.git.close();
  }
}

/** The event as a request that its sender may make, or the reason why there is none. */
async function readRequest(
  around: Surroundings,
  { config }: OpenedRun,
  github: GitHub,
): Promise<Request | { readonly reason: string }> {
  const { inputs, repository } = around;
  const reading = readEvent({
    eventName: variable('GITHUB_EVENT_NAME'),
    payload: readPayload(variable('GITHUB_EVENT_PATH')),
    inputs: {
      label: config.label,
      issueNumber: inputs['issue-number'] || null,
      feature: inputs.feature || null,
      command: inputs.command === 'plan' ? 'plan' : 'run',
    },
    repository,
    actor: process.env['GITHUB_TRIGGERING_ACTOR'] || variable('GITHUB_ACTOR'),
  });
  if (reading.kind === 'skip') return reading;
  const { trigger } = reading;
  const allowed = await authorize(trigger, github, process.env['GITHUB_TRIGGERING_ACTOR'] || trigger.actor);
  if (allowed.kind === 'skip') return allowed;
  if (trigger.pullRequestNumber === null) return { trigger, continues: null };
  const own = await readOwnPullRequest(trigger.pullRequestNumber, repository, config.branchPrefix, github);
  if (own.kind === 'skip') return own;
  return { trigger: { ...trigger, issueNumber: own.issueNumber }, continues: own.pullRequest };
}

interface StartContext {
  readonly around: Surroundings;
  readonly opened: OpenedRun;
  readonly github: GitHub;
  readonly scratchDir: string;
  readonly branch: string | null;
}

function startRequest({ trigger, continues }: Request, context: StartContext): Promise<EndedRun> {
  const { around, opened, github, scratchDir, branch } = context;
  const { inputs, sink } = around;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const apiKey = inputs['anthropic-api-key'] ?? '';
  return startRun(
    {
      ...opened,
      trigger,
      continues,
      checkout: { commit: opened.commit ?? '', branch },
      branch: integrationBranch(opened.config.branchPrefix, runSlug(trigger.issueNumber, trigger.feature ?? '')),
      problem: opened.problem ?? (apiKey === '' ? new RunError('no-api-key') : null),
      runId: around.runId,
      version,
      apiKey,
      modelUrl: inputs['anthropic-base-url'] || null,
      projectDir: around.projectDir,
      runDir: join(around.tempDir, 'ai-implement', around.runId),
      scratchDir,
      toolhostPath: join(__dirname, 'toolhost.cjs'),
      env: process.env,
    },
    { git: opened.git, github, sink, stop, reporter: createPlainReporter({ write: core.info, sink, groups: true }) },
  );
}

async function report({ outcome, state, reportPath }: EndedRun, sink: Sink): Promise<void> {
  const outputs = actionOutputs(outcome, state, reportPath);
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, sink.plain(value));
  await core.summary.addRaw(sink.markdown(renderJobSummary(state, reportPath))).write();
  if (outcome.kind === 'failed') core.setFailed(sink.log(outcome.error));
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

const secretsOf = (inputs: InputTexts): string[] =>
  inputNames.flatMap((name) => {
    const definition = inputDefinition(name);
    const value = inputs[name] ?? '';
    return 'secret' in definition && value !== '' ? [value] : [];
  });

function readSurroundings(inputs: InputTexts): Surroundings {
  const [owner = '', name = ''] = variable('GITHUB_REPOSITORY').split('/');
  const token = inputs['github-token'] ?? '';
  if (token === '') throw new RunError('no-github-token');
  const serverUrl = variable('GITHUB_SERVER_URL');
  const runId = `${process.env['GITHUB_RUN_ID'] || '0'}-${process.env['GITHUB_RUN_ATTEMPT'] || '1'}`;
  return {
    inputs,
    repository: { owner, name },
    apiUrl: variable('GITHUB_API_URL'),
    serverUrl,
    projectDir: resolve(process.env['GITHUB_WORKSPACE'] || '.', inputs['project-dir'] || '.'),
    tempDir: process.env['RUNNER_TEMP'] || tmpdir(),
    runId,
    token,
    sink: createSink({ secrets: secretsOf(inputs), allowedLinks: [`${serverUrl}/${owner}/${name}`] }),
  };
}

/** A variable that every runner sets. */
function variable(name: string): string {
  const value = process.env[name] ?? '';
  if (value === '') throw new RunError('event-unreadable', { detail: `${name} is not set` });
  return value;
}

function readPayload(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new RunError('event-unreadable', { detail: error instanceof Error ? error.message : String(error) }, error);
  }
}

void main();
