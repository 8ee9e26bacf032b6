// Does a person have to look again before this run starts? Asked beside the other requests, decided once.
import type { Clock, GitHub, IssueEdits, Remember } from './ports.ts';
import { neededConfirmation } from './trigger/confirmation.ts';
import type { RequestText } from './trigger/read-issue.ts';
import type { Confirmation, Trigger } from './types.ts';
import { withinPatience } from './within-patience.ts';

export interface ConfirmDeps {
  readonly github: Pick<GitHub, 'issueEdits'> | null;
  readonly clock: Clock;
  /** See ports.ts: the clock decides, but only once. */
  readonly remember?: Remember;
}

/** Most that a run waits to be told who edited its text; then it asks for a confirmation. */
const patienceMs = 20_000;

/**
 * Who edited the text of the issue, or why that is not known; null where it does not matter: there is no issue, or the
 * exact text is being confirmed. Never rejects.
 */
export async function readEdits(trigger: Trigger, { github, clock }: ConfirmDeps): Promise<IssueEdits | string | null> {
  const { issueNumber, feature, confirm } = trigger;
  if (github === null || issueNumber === null || feature !== null || confirm !== undefined) return null;
  try {
    return (await withinPatience(github.issueEdits(issueNumber), patienceMs, clock)) ?? 'it did not answer in time.';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What has to be confirmed; null where the run may start. What nobody else could write needs no confirmation. */
export async function confirmRequest(
  request: {
    readonly trigger: Trigger;
    readonly text: RequestText;
    readonly base: string;
    readonly edits: IssueEdits | string | null;
  },
  { clock, remember }: ConfirmDeps,
): Promise<Confirmation | null> {
  if (request.trigger.issueNumber === null || request.trigger.feature !== null) return null;
  const decide = () => Promise.resolve(neededConfirmation({ ...request, nowMs: clock.now() }));
  return remember?.('confirmation', decide) ?? decide();
}
