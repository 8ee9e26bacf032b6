// The workflow of one job, that `init --single-job` writes and examples/ai-implement-single-job.yml shows.
import { defaultActionReference, pinned, workflowHead } from './workflow-parts.ts';

/** The text of `.github/workflows/ai-implement.yml`. @param action reference of the action: `owner/name@ref` or `./`. */
export const singleJobText = (action: string = defaultActionReference): string => `\
${workflowHead}
jobs:
  # Agents run in a job that may write to the repository. Two jobs keep these apart: see ai-implement.yml in examples/.
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
      - uses: ${pinned.checkout}
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
