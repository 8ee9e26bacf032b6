// The workflow of two jobs, that `init` writes and examples/ai-implement.yml shows.
import { defaultActionReference, pinned, workflowHead } from './workflow-parts.ts';

/** The text of `.github/workflows/ai-implement.yml`. @param action reference of the action: `owner/name@ref` or `./`. */
export const workflowText = (action: string = defaultActionReference): string => `\
${workflowHead}
# One run an issue at a time; a second one waits. What starts no run, and what stops one, waits for nobody.
concurrency:
  group: >-
    ai-implement-\${{ (github.event.label.name == 'ai-implement' ||
    (startsWith(github.event.comment.body, '/ai-implement') &&
    !startsWith(github.event.comment.body, '/ai-implement stop'))) && github.event.issue.number ||
    (inputs.command != 'stop' && inputs.issue-number) || github.run_id }}
  cancel-in-progress: false

jobs:
${agentJob(action)}
${publishJob(action)}
${stopJob(action)}`;

const agentJob = (action: string): string => `\
  # Reads what strangers write and runs what agents write: it has the model's key, and cannot change the repository.
  agent:
    # This only saves runner time. Who may start a run is decided by the action, which asks GitHub for the permission.
    if: >-
      (github.event_name == 'workflow_dispatch' && inputs.command != 'stop') ||
      (github.event_name == 'issues' && github.event.label.name == 'ai-implement') ||
      (github.event_name == 'issue_comment' && startsWith(github.event.comment.body, '/ai-implement') &&
      !startsWith(github.event.comment.body, '/ai-implement stop'))
    runs-on: ubuntu-latest
    timeout-minutes: 75
    permissions:
      contents: read # check out
      issues: write # read the issue, write the progress comment
      pull-requests: read # look for a pull request to go on with
    outputs:
      manifest-sha256: \${{ steps.run.outputs.manifest-sha256 }}
    steps:
      - uses: ${pinned.checkout}
        with:
          fetch-depth: 0
          persist-credentials: false

      # Set up here what your tests need (a language, a database). Dependencies are installed by the action.

      - uses: ${action}
        id: run
        with:
          job: agent
          anthropic-api-key: \${{ secrets.ANTHROPIC_API_KEY }}
          issue-number: \${{ inputs.issue-number }}
          feature: \${{ inputs.feature }}
          command: \${{ inputs.command }}

      - uses: ${pinned.upload}
        if: always() && steps.run.outputs.result-dir != ''
        with:
          name: ai-implement-result
          path: \${{ steps.run.outputs.result-dir }}
          overwrite: true
          retention-days: 1
`;

const publishJob = (action: string): string => `\
  # Checks what the agents' job left again, and publishes it: it may write, and has no key and runs nobody's code.
  publish:
    needs: agent
    # Also what a run left that failed or was cancelled.
    if: always() && needs.agent.outputs.manifest-sha256 != ''
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: write # push the branches
      issues: write # write the progress comment
      pull-requests: write # open the pull request
    steps:
      # The base, never the agents' files.
      - uses: ${pinned.checkout}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ${pinned.download}
        with:
          name: ai-implement-result
          path: \${{ runner.temp }}/ai-implement-result
      - uses: ${action}
        with:
          job: publish
          result-dir: \${{ runner.temp }}/ai-implement-result
          manifest-sha256: \${{ needs.agent.outputs.manifest-sha256 }}
          issue-number: \${{ inputs.issue-number }}
          feature: \${{ inputs.feature }}
`;

const stopJob = (action: string): string => `\
  # \`/ai-implement stop\`: leaves the word where the run at work looks for it.
  stop:
    if: >-
      inputs.command == 'stop' ||
      (github.event_name == 'issue_comment' && startsWith(github.event.comment.body, '/ai-implement stop'))
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      contents: write # push the word on a branch of ours
      issues: write # react to the comment
      pull-requests: write # the same on a pull request
    steps:
      - uses: ${pinned.checkout}
        with:
          persist-credentials: false
      - uses: ${action}
        with:
          job: publish
          issue-number: \${{ inputs.issue-number }}
          feature: \${{ inputs.feature }}
          command: \${{ inputs.command }}
`;
