// What the action finds around it: inputs, the variables of the runner, and which of them are secrets.
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { inputDefinition, inputNames, type InputTexts } from './config/inputs.ts';
import { environmentSecrets } from './environment-secrets.ts';
import { RunError } from './errors.ts';
import { createSink, type Sink } from './publish/sink.ts';
import type { RepositoryName } from './types.ts';

export type Job = 'both' | 'agent' | 'publish';

/** What the action is given by its runner. */
export interface Surroundings {
  readonly inputs: InputTexts;
  readonly job: Job;
  readonly repository: RepositoryName;
  readonly apiUrl: string;
  readonly graphqlUrl: string | undefined;
  readonly serverUrl: string;
  readonly projectDir: string;
  readonly tempDir: string;
  /** `1234-2`, and `1234-1` before it. */
  readonly attempt: string;
  readonly earlierAttempts: readonly string[];
  readonly token: string;
  readonly sink: Sink;
}

/** The inputs; those that are secrets are masked in the log from here on. */
export function readInputs(): InputTexts {
  const inputs: InputTexts = Object.fromEntries(inputNames.map((name) => [name, core.getInput(name)]));
  for (const secret of secretsOf(inputs)) core.setSecret(secret);
  return inputs;
}

/** A re-run has the id of its first attempt. */
const attempts = (id: string, attempt: number) => ({
  attempt: `${id}-${attempt}`,
  earlierAttempts: Array.from({ length: attempt - 1 }, (_none, i) => `${id}-${i + 1}`),
});

/** The inputs that are secrets, and what the runner gives an action besides. */
export const secretsOf = (inputs: InputTexts): readonly string[] => [
  ...new Set([
    ...inputNames.flatMap((name) => {
      const definition = inputDefinition(name);
      const value = inputs[name] ?? '';
      return 'secret' in definition && value !== '' ? [value] : [];
    }),
    ...environmentSecrets(process.env),
  ]),
];

/** @throws RunError `event-unreadable`, `no-github-token` or `input-invalid` */
export function readSurroundings(inputs: InputTexts): Surroundings {
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
    graphqlUrl: process.env['GITHUB_GRAPHQL_URL'],
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
