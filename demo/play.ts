// The run itself: embedded GitHub and model, the sample in a repository, a labelled issue, and the real action.
import { cp } from 'node:fs/promises';
import { labeledEvent, type WebhookEvent } from '../testbed/github/events.ts';
import { startGitHub } from '../testbed/github/server.ts';
import type { GitHubServer } from '../testbed/github/types.ts';
import { startModelServer, type ModelServer } from '../testbed/model/server.ts';
import { checkout } from '../testbed/runner/checkout.ts';
import { runAction, type ActionResult } from '../testbed/runner/run-action.ts';
import type { Output } from './output.ts';
import { parts, type Kept } from './places.ts';
import { readResult, type DemoResult } from './result.ts';
import { ISSUE, JOB_PERMISSIONS, LABEL, PERSON, REPOSITORY } from './request.ts';
import { createScript } from './script/script.ts';

const TIMEOUT_MS = 70 * 60_000;

export interface Play {
  /** Null: the scripted model. */
  readonly apiKey: string | null;
  readonly kept: Kept;
  readonly output: Output;
  /** Stops the action as the Cancel button does. */
  readonly cancel: AbortSignal;
}

export interface Played {
  readonly action: ActionResult;
  readonly result: DemoResult;
}

/** Plays it to its end and leaves repository, checkout and report in the kept directories. */
export async function play(input: Play): Promise<Played> {
  const github = await startGitHub({
    users: [PERSON],
    repositories: [{ name: REPOSITORY, collaborators: { [PERSON]: 'write' }, protectedBranches: ['main'] }],
  });
  const model = input.apiKey === null ? await startModelServer({ script: createScript(parts.written) }) : null;
  try {
    const action = await runOn(github, model, input);
    await cp(github.bareRepository(REPOSITORY), input.kept.repository, { recursive: true });
    return { action, result: await readResult(github, REPOSITORY, 1) };
  } finally {
    await model?.close();
    await github.close();
  }
}

async function runOn(github: GitHubServer, model: ModelServer | null, input: Play): Promise<ActionResult> {
  const { apiKey, kept, output, cancel } = input;
  await github.seedRepository(REPOSITORY, parts.sample, { message: 'feat: a notes board', author: PERSON });
  const issue = await github.createIssue({ repository: REPOSITORY, ...ISSUE, author: PERSON });
  const event = await labeledEvent(github, {
    repository: REPOSITORY,
    issueNumber: issue.number,
    label: LABEL,
    sender: PERSON,
  });
  const token = github.mintToken(JOB_PERMISSIONS, REPOSITORY);
  const sha = await checkout({
    cloneUrl: github.cloneUrl(REPOSITORY),
    token,
    directory: kept.checkout,
    depth: 0,
  });
  tell(github, model, event, output);
  const key = apiKey ?? 'sk-scripted-model';
  return runAction({
    actionDirectory: parts.action,
    workspace: kept.checkout,
    event,
    github: { token, url: github.url, repository: REPOSITORY, actor: PERSON, sha },
    inputs: { 'anthropic-api-key': key, ...(model === null ? {} : { 'anthropic-base-url': model.url }) },
    // The runner's own directory would be gone afterwards, and the report with it.
    env: { RUNNER_TEMP: kept.runner },
    secrets: [key],
    timeoutMs: TIMEOUT_MS,
    cancel,
    onLine: output.log,
  });
}

function tell(github: GitHubServer, model: ModelServer | null, event: WebhookEvent, output: Output): void {
  output.line(`  GitHub   ${github.url}/${REPOSITORY} (embedded stand-in)`);
  output.line(`  Model    ${model === null ? 'the real one' : `${model.url} (embedded stand-in, follows a script)`}`);
  output.line(`  Issue    #1 ${ISSUE.title}`);
  output.line(`  Event    ${event.name}: ${PERSON} labels it "${LABEL}"`);
}
