// The workflow that `init` writes and examples/ai-implement.yml shows.

/** Where the action is published. Somebody who hosts a copy names their own with `init --action`. */
export const defaultActionReference = 'ai-implement/ai-implement@v0';

/** Commit of the release v7.0.1 of actions/checkout, as workflows pin it. */
const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

/** The text of `.github/workflows/ai-implement.yml`. @param action reference of the action: `owner/name@ref` or `./`. */
export const workflowText = (action: string = defaultActionReference): string => `\
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

jobs:
  implement:
    # This only saves runner time. Who may start a run is decided by the action, which asks GitHub for the permission.
    if: >-
      github.event_name == 'workflow_dispatch' ||
      (github.event_name == 'issues' && github.event.label.name == 'ai-implement') ||
      (github.event_name == 'issue_comment' && startsWith(github.event.comment.body, '/ai-implement'))
    runs-on: ubuntu-latest
    timeout-minutes: 75
    # One run an issue at a time; a second one waits. What stops a run must not wait for it.
    concurrency:
      group: >-
        ai-implement-\${{ github.event.issue.number || inputs.issue-number || github.run_id }}-\${{
        (inputs.command == 'stop' || startsWith(github.event.comment.body, '/ai-implement stop')) && 'stop' || 'run' }}
      cancel-in-progress: false
    permissions:
      contents: write # push the branches
      issues: write # read the issue, write the progress comment
      pull-requests: write # open the pull request
    steps:
      - uses: ${checkout}
        with:
          fetch-depth: 0
          # The action pushes with its own input; no credential has to lie in the checkout.
          persist-credentials: false

      # Set up here what your tests need (a language, a database). Dependencies are installed by the action.

      - uses: ${action}
        with:
          anthropic-api-key: \${{ secrets.ANTHROPIC_API_KEY }}
          issue-number: \${{ inputs.issue-number }}
          feature: \${{ inputs.feature }}
          command: \${{ inputs.command }}
`;
