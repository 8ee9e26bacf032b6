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
  bot: (login) => `${login} is a bot, and bots never start a run.`,
  'no-write-access': (fact) => `${fact}, and only people with write access start a run.`,
  'permission-unknown': (fact) => `GitHub did not say what ${fact}`,
  'pull-request-closed': (number) => `Pull request #${number} is closed.`,
  'pull-request-from-fork': (number) => `Pull request #${number} comes from another repository.`,
  'pull-request-not-ours': (number) => `Pull request #${number} was not opened by us.`,
} as const satisfies Record<string, (fact: string) => string>;

export type SkipCode = keyof typeof reasons;

/** Why no run starts. `reason` is one plain sentence; it may quote the event, so it is untrusted text. */
export interface Skip {
  readonly kind: 'skip';
  readonly code: SkipCode;
  readonly reason: string;
}

/** All codes, for the documents and for the test that each of them is reached. */
export const skipCodes: readonly string[] = Object.keys(reasons);

/** The skip of a code; `fact` is what its sentence names (event, label, login...). */
export function skip(code: SkipCode, fact = ''): Skip {
  return { kind: 'skip', code, reason: reasons[code](fact) };
}
