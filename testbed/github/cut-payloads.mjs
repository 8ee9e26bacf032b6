// Takes the recorded webhook payloads that the bed lays its own facts over out of @octokit/webhooks-examples (9 MB).
//   node testbed/github/cut-payloads.mjs
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';

const events = createRequire(import.meta.url)('@octokit/webhooks-examples');

/** File name to event and action. The last example of an action is the newest; older ones lack required fields. */
export const recorded = {
  'issues-labeled': ['issues', 'labeled'],
  'issue-comment-created': ['issue_comment', 'created'],
  'workflow-dispatch': ['workflow_dispatch', undefined],
  'pull-request-opened': ['pull_request', 'opened'],
};

/** The newest example of an event and action. */
export function lastExample(name, action) {
  const { examples } = events.find((event) => event.name === name);
  return examples.filter((example) => action === undefined || example.action === action).at(-1);
}

if (process.argv[1] === new URL(import.meta.url).pathname)
  for (const [file, [name, action]] of Object.entries(recorded))
    writeFileSync(
      new URL(`payloads/${file}.json`, import.meta.url),
      `${JSON.stringify(lastExample(name, action), null, 2)}\n`,
    );
