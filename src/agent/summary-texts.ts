// What an agent is told when its conversation is compacted.
import type { SessionDigest } from './session.ts';

/** Asked at the end of a long conversation. Files, plan, task and acceptance are not asked for: code knows them. */
export const SUMMARISE_TEXT = `This conversation has grown long and will begin anew from your summary; the request and your task are kept word for word, everything after them is lost. Write the summary now, as plain text and without calling a tool, under these headings:

## Goal
What you are doing at the moment, in a sentence or two.
## Decisions
Each with its reason.
## What you know
Files, functions and facts that the rest of the work needs, with paths and line numbers.
## Commands that work
Exactly as you ran them.
## Failing tests
Names and first error of each, word for word.
## Dead ends
What you tried that did not work, and why.
## Next steps
In order.`;

/**
 * Opens the new conversation, after the messages that it always begins with.
 * @param summary the agent's own; null when it could not be asked
 * @param work what git says has changed
 */
export function restartText(summary: string | null, work: string, lastCalls: SessionDigest['lastCalls']): string {
  const calls = lastCalls.map(({ tool, input, isError }) => `- ${tool} ${input}${isError ? ' (failed)' : ''}`);
  const known =
    summary ?? `No summary could be made. Your last calls were:\n${calls.length > 0 ? calls.join('\n') : '- none'}`;
  return `# Where you are
The conversation grew too long and begins anew here. Your files are as you left them. What you wrote down:

${known}

## Changed so far, as git sees it
${work}

Go on from there. Nothing that you read before is in view any more: read again what you need.`;
}
