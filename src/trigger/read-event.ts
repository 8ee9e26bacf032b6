// From a GitHub event to a trigger, or to the reason why there is none. Reads the payload only: no network here.
import { RunError } from '../errors.ts';
import type { RepositoryName, Trigger } from '../types.ts';
import {
  issueCommentPayload,
  issuesPayload,
  parsePayload,
  workflowDispatchPayload,
  type PayloadIssue,
  type Sender,
} from './event-payloads.ts';
import { ownMarker, readCommand } from './read-command.ts';
import { skip, type Skip } from './skip-reasons.ts';

/** The action's own inputs, as far as they say what to do. Only a dispatch reads the last three. */
export interface EventInputs {
  /** Null while the configuration is not read: any label then counts as ours. */
  readonly label: string | null;
  readonly issueNumber: string | null;
  readonly feature: string | null;
  readonly command?: Trigger['command'];
  /** Numbers of the bots' accounts that may start a run; null while the configuration is not read: any bot then passes. */
  readonly bots?: readonly number[] | null;
}

export interface GitHubEvent {
  /** GITHUB_EVENT_NAME. */
  readonly eventName: string;
  /** The parsed file at GITHUB_EVENT_PATH. */
  readonly payload: unknown;
  readonly inputs: EventInputs;
  /** GITHUB_REPOSITORY. */
  readonly repository: RepositoryName;
  /** Who started this run of the workflow, GITHUB_TRIGGERING_ACTOR: another than the sender only in a re-run. */
  readonly actor: string;
}

/** `isBot`: the sender is an account of an app, which `inputs.bots` lists (or may list). */
export type EventReading = { readonly kind: 'trigger'; readonly trigger: Trigger; readonly isBot: boolean } | Skip;

// Events that may run on code, or with rights, that a stranger chose; refused even when a workflow listens to them.
const forbiddenEvents: readonly string[] = ['pull_request_target', 'workflow_run', 'pull_request', 'push'];

/**
 * What a GitHub event asks for. The actor is the event's sender; whether they may is `authorize`'s question.
 * @throws RunError `event-unreadable` for a payload GitHub would not send, `nothing-to-do` and `input-invalid` for a dispatch.
 */
export function readEvent(event: GitHubEvent): EventReading {
  if (forbiddenEvents.includes(event.eventName)) return skip('forbidden-event', event.eventName);
  switch (event.eventName) {
    case 'issues':
      return readLabel(event);
    case 'issue_comment':
      return readComment(event);
    case 'workflow_dispatch':
      return readDispatch(event);
    default:
      return skip('other-event', event.eventName);
  }
}

function readLabel(event: GitHubEvent): EventReading {
  const { action, issue, label, ...from } = parsePayload(issuesPayload, event.payload);
  if (action !== 'labeled') return skip('other-action', `issues.${action}`);
  const name = label?.name ?? '';
  // The label that was put on now, not the labels that are there: any later label would start the run again.
  const ours = event.inputs.label?.toLowerCase() ?? name.toLowerCase();
  if (name.toLowerCase() !== ours) return skip('other-label', name);
  return startedBy(event, from, {
    ...nothingAsked,
    source: 'label',
    issueNumber: issue.number,
    at: issue.updated_at,
    snapshot: snapshotOf(issue),
  });
}

function readComment(event: GitHubEvent): EventReading {
  const { action, issue, comment, ...from } = parsePayload(issueCommentPayload, event.payload);
  if (action !== 'created') return skip('other-action', `issue_comment.${action}`);
  if (comment.body.includes(ownMarker)) return skip('own-comment');
  const said = readCommand(comment.body);
  if (said.kind === 'none') return skip('no-command');
  if (said.kind === 'unavailable') return skip('unavailable-command', said.verb);
  const onPullRequest = issue.pull_request !== undefined && issue.pull_request !== null;
  return startedBy(event, from, {
    ...nothingAsked,
    source: 'comment',
    command: said.command,
    issueNumber: onPullRequest ? null : issue.number,
    pullRequestNumber: onPullRequest ? issue.number : null,
    commentId: comment.id,
    at: comment.created_at,
    instructions: said.instructions,
    ...(said.confirm === undefined ? {} : { confirm: said.confirm }),
    snapshot: onPullRequest ? null : snapshotOf(issue),
  });
}

function readDispatch(event: GitHubEvent): EventReading {
  const { inputs, ...from } = parsePayload(workflowDispatchPayload, event.payload);
  const issueNumber = issueNumberOf(event.inputs.issueNumber || textOf(inputs?.['issue-number']));
  const feature = (event.inputs.feature || textOf(inputs?.['feature'])).trim();
  if (issueNumber === null && feature === '') throw new RunError('nothing-to-do');
  return startedBy(event, from, {
    ...nothingAsked,
    source: 'dispatch',
    command: event.inputs.command ?? 'run',
    issueNumber,
    feature: issueNumber === null ? feature : null,
    instructions: issueNumber === null ? '' : feature,
  });
}

type Asked = Omit<Trigger, 'repository' | 'actor' | 'defaultBranch' | 'isPrivate'>;

const nothingAsked: Omit<Asked, 'source'> = {
  command: 'run',
  issueNumber: null,
  pullRequestNumber: null,
  commentId: null,
  at: null,
  feature: null,
  instructions: '',
  snapshot: null,
};

interface From {
  readonly sender: Sender;
  readonly repository?: { readonly default_branch: string; readonly private?: boolean | undefined } | undefined;
}

function startedBy(event: GitHubEvent, { sender, repository }: From, asked: Asked): EventReading {
  const { bots = [] } = event.inputs;
  const isBot = sender.type === 'Bot' || isBotLogin(sender.login);
  // By its number: whoever takes a login that is listed is not who was meant.
  if (isBot && bots?.includes(sender.id) === false) return skip('bot', `${sender.login} (account ${sender.id})`);
  // Of who started a job again only the login is known, and a bot's login says nothing.
  if (isBotLogin(event.actor) && event.actor !== sender.login) return skip('bot', event.actor);
  const about = { ...asked, ...factsOf(repository), repository: event.repository, actor: sender.login };
  return { kind: 'trigger', trigger: about, isBot };
}

const factsOf = (repository: From['repository']): Pick<Trigger, 'defaultBranch' | 'isPrivate'> =>
  repository === undefined
    ? {}
    : {
        defaultBranch: repository.default_branch,
        ...(repository.private === undefined ? {} : { isPrivate: repository.private }),
      };

const isBotLogin = (login: string): boolean => login.endsWith('[bot]');

const snapshotOf = (issue: PayloadIssue) => ({
  title: issue.title,
  body: issue.body ?? '',
  author: issue.user?.login ?? 'ghost',
  url: issue.html_url,
});

/** Dispatch inputs are strings on GitHub's page, but the API also takes numbers. */
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function issueNumberOf(text: string): number | null {
  const digits = text.trim().replace(/^#/, '');
  if (digits === '') return null;
  if (!/^[1-9]\d{0,9}$/.test(digits)) {
    throw new RunError('input-invalid', { problem: `\`issue-number\` is "${text}", not the number of an issue.` });
  }
  return Number(digits);
}
