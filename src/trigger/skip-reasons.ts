// Every reason not to start a run, in one table. A skip is a value: the job ends well and its log says why.

const reasons = {
  'forbidden-event': (event) =>
    `\`${event}\` events are refused: they can bring in code or rights that nobody with write access asked us to use.`,
  'other-event': (event) => `\`${event}\` is not an event that starts a run.`,
  'other-action': (action) => `\`${action}\` does not start a run.`,
  'other-label': (label) => `"${label}" is not our label.`,
  'no-command': () => 'The first line of the comment is not `/ai-implement`.',
  'own-comment': () => 'The comment is one of our own.',
  'unavailable-command': (verb) => `The command \`${verb}\` is not available yet.`,
  bot: (login) => `${login} is a bot, and no bot starts a run but those whose account number \`allowed_bots\` lists.`,
  'no-write-access': (fact) => `${fact}, and only people with write access start a run.`,
  'permission-unknown': (fact) => `GitHub did not say what ${fact}`,
  'pull-request-closed': (number) => `Pull request #${number} is closed.`,
  'pull-request-from-fork': (number) => `Pull request #${number} comes from another repository.`,
  'pull-request-not-ours': (number) => `Pull request #${number} was not opened by us.`,
  'pull-request-by-another': (fact) =>
    `${fact}, which is not the account of our token, so the pull request is not ours to go on with.`,
  'own-account-unknown': (fact) =>
    `GitHub did not say whose account our token is, so no pull request is known as ours: ${fact}`,
} as const satisfies Record<string, (fact: string) => string>;

export type SkipCode = keyof typeof reasons;

/** Why no run starts. `reason` is one plain sentence; it may quote the event, so it is untrusted text. */
export interface Skip {
  readonly kind: 'skip';
  readonly code: SkipCode;
  readonly reason: string;
  /** Number of the pull request where people are told, once, that none from a fork is worked on. */
  readonly replyOn?: number;
}

/** All codes, for the documents and for the test that each of them is reached. */
export const skipCodes: readonly string[] = Object.keys(reasons);

/** The skip of a code; `fact` is what its sentence names (event, label, login...). */
export function skip(code: SkipCode, fact = ''): Skip {
  return { kind: 'skip', code, reason: reasons[code](fact) };
}
