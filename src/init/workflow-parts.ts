// What both workflows have in common: who starts them, and the versions of other people's actions.

/** Where the action is published. Somebody who hosts a copy names their own with `init --action`. */
export const defaultActionReference = 'ai-implement/ai-implement@v0';

/** Commits of releases (named behind them), as workflows pin them. */
export const pinned = {
  checkout: 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
  upload: 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0',
  download: 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1',
} as const;

/** From the first line to the jobs. */
export const workflowHead = `\
# Label an issue \`ai-implement\` and get a pull request. Needs the secret ANTHROPIC_API_KEY:
# Settings, Secrets and variables, Actions - or \`gh secret set ANTHROPIC_API_KEY\`.
name: ai-implement

on:
  issues:
    types: [labeled]
  issue_comment:
    types: [created]
  workflow_dispatch:
    inputs:
      issue-number:
        description: Issue to work on
        type: string
      feature:
        description: Or what to build, in words
        type: string
      command:
        description: Build it, only plan it, or stop the run that works on it
        type: choice
        options: [run, plan, stop]
        default: run

# Nothing for jobs that do not ask.
permissions: {}
`;
