// The outputs of the action, by name: every number of a run, and the same words in every version. Workflows splice outputs
// into scripts, so nothing that a stranger or a model has worded goes into one: words of ours, ids, numbers and hashes alone.
import type { OutputName } from './config/outputs.ts';
import type { HandedOver } from './hand-over.ts';
import { harmlessSentence } from './harmless-sentence.ts';
import type { RunState } from './journal/run-state.ts';
import type { RunOutcome } from './types.ts';

/** Values of all outputs; empty where a run has none. Amounts are plain numbers, dollars with six decimals. */
export function actionOutputs(
  outcome: RunOutcome,
  state: RunState,
  reportPath: string,
  handedOver: HandedOver | null = null,
): Readonly<Record<OutputName, string>> {
  const { usage } = state;
  const pullRequest = 'pullRequest' in outcome ? outcome.pullRequest : null;
  return {
    status: outcome.kind,
    'stop-reason': harmlessSentence(stopReason(outcome)),
    'pull-request-number': pullRequest === null ? '' : String(pullRequest.number),
    'pull-request-url': pullRequest?.url ?? '',
    branch: 'branch' in outcome ? (outcome.branch ?? '') : '',
    plan: state.plan === null ? '' : JSON.stringify(planOutput(state.plan)),
    tasks: JSON.stringify(state.tasks.map(taskOutput)),
    'cost-usd': (usage.costNanoUsd / 1e9).toFixed(6),
    'input-tokens': String(usage.inputTokens + usage.cacheWriteTokens),
    'output-tokens': String(usage.outputTokens),
    'cache-read-tokens': String(usage.cacheReadTokens),
    'api-calls': String(usage.requests),
    'duration-seconds': String(Math.round((state.lastAtMs - state.startedAtMs) / 1000)),
    report: reportPath,
    'result-dir': handedOver?.directory ?? '',
    'manifest-sha256': handedOver?.manifestSha256 ?? '',
  };
}

function stopReason(outcome: RunOutcome): string {
  if (outcome.kind === 'failed') return outcome.error.split('\n', 1)[0] ?? '';
  return 'reason' in outcome ? outcome.reason : '';
}

const planOutput = ({ hash, tasks, estimate }: NonNullable<RunState['plan']>) => ({
  hash,
  tasks: tasks.map(({ id, role, dependsOn }) => ({ id, agent: role, depends_on: dependsOn })),
  expected_cost_usd: estimate.expectedNanoUsd / 1e9,
  worst_cost_usd: estimate.worstNanoUsd / 1e9,
});

function taskOutput({ task, status, branch, turns, usage, result }: RunState['tasks'][number]) {
  return {
    id: task.id,
    agent: task.role,
    status,
    branch: branch ?? '',
    commit: result?.commit ?? '',
    turns,
    cost_usd: usage.costNanoUsd / 1e9,
  };
}
