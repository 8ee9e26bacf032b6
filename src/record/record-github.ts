// GitHub, recorded: what was read is read once, and what may have been made is looked up before it is made.
import type { GitHub } from '../ports.ts';
import { recordCall, type Call, type Recording } from './record-calls.ts';

/** An edit that may have been made is made again: done twice it is as if done once. Reactions pass, for that reason. */
export function recordGitHub(github: GitHub, recording: Recording): GitHub {
  const ask = <T>(call: string, act: () => Promise<T>, how: Call<T> = {}): Promise<T> =>
    recordCall(`github.${call}`, act, recording, how);
  return {
    ...github,
    // Who cannot be told to have write access is not read: all that is asked of models goes by that.
    permission: (login) => ask(`permission ${login}`, () => github.permission(login), { stands: true }),
    defaultBranch: () => ask('defaultBranch', () => github.defaultBranch()),
    issueEdits: (number) => ask(`issueEdits ${number}`, () => github.issueEdits(number)),
    issue: (number) => ask(`issue ${number}`, () => github.issue(number)),
    comments: (number) => ask(`comments ${number}`, () => github.comments(number)),
    pullRequest: (number) => ask(`pullRequest ${number}`, () => github.pullRequest(number)),
    findPullRequest: (head) => ask(`findPullRequest ${head}`, () => github.findPullRequest(head)),
    findComment: (number, lines) =>
      ask(`findComment ${number} ${lines.join(' ')}`, () => github.findComment(number, lines)),
    updateComment: (id, body) => ask(`updateComment ${id}`, () => github.updateComment(id, body)),
    updatePullRequest: (number, input) =>
      ask(`updatePullRequest ${number}`, () => github.updatePullRequest(number, input)),
    openPullRequest: (input) =>
      recordCall(`github.openPullRequest ${input.head}`, () => github.openPullRequest(input), recording, {
        lookUp: async () => {
          const found = await github.findPullRequest(input.head);
          return found?.state === 'open' ? { answer: found } : null;
        },
      }),
    createComment: (number, body) => {
      // The first line is the run's own marker; the text below it is that of the moment.
      const marker = body.split('\n', 1)[0] ?? '';
      const make = () => github.createComment(number, body);
      return recordCall(`github.createComment ${number} ${marker}`, make, recording, {
        lookUp: async () => {
          const found = await github.findComment(number, [marker]);
          return found === null ? null : { answer: await github.updateComment(found.id, body) };
        },
      });
    },
  };
}
