// What is worth a line in a log, in words. Texts of others are not cleaned here.
import type { RunEvent } from '../events.ts';
import { hiddenSentence } from '../journal/hidden-sentence.ts';
import { formatCounted, formatDuration } from '../journal/format.ts';
import { blockSentences, flagSentences } from '../journal/judgement-facts.ts';
import { reviewSentence } from '../journal/review-facts.ts';
import { countLines, issueNumber, limitSentence, partialReasons } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { sandboxWords } from '../journal/sandbox-words.ts';
import { formatUsd } from '../money/format-usd.ts';
import type { Check, RunOutcome, TaskResult, Verification } from '../types.ts';

/** Turns between two signs of life of a task. */
const turnsBetweenSigns = 10;

/**
 * One line for an event, or several when it holds a list; empty when it is not worth one.
 * @param state the run's state with this event in it.
 */
export function eventLines(event: RunEvent, state: RunState): readonly string[] {
  switch (event.type) {
    case 'run.started':
      return [
        `ai-implement ${event.version}, run ${event.runId}, model ${event.model}, started by ${event.trigger.actor}`,
      ];
    case 'run.resumed':
      return [
        `Resuming run ${state.runId}: ${formatCounted(event.replies, 'model reply', 'model replies')} and ${formatCounted(event.toolCalls, 'tool call')} are taken from its journal`,
      ];
    case 'issue.read':
      return issueLines(state);
    case 'base.opened':
      return [`Base: ${event.branch} at ${event.commit.slice(0, 10)}${continued(event.continues)}`];
    case 'sandbox.opened':
      return sandboxWords(state);
    case 'setup.ended':
      return [`Setup: \`${event.command}\` ${exitWords(event.exitCode)} after ${formatDuration(event.durationMs)}`];
    case 'plan.refused':
      return [`The plan was sent back (attempt ${event.attempt}):`, ...event.faults.map((fault) => `  - ${fault}`)];
    case 'plan.accepted':
      return planLines(state);
    case 'credential.exposed':
      return [exposureWords(event)];
    case 'warning':
      return [`Warning: ${event.message}`];
    case 'limit.reached':
      return [limitSentence(event.limit)];
    case 'verification.ended':
      return [verificationWords(event.verification)];
    case 'diff.judged':
      return [...blockSentences(state), ...flagSentences(state)];
    case 'branch.pushed':
      return [`${state.handover?.kind === 'held' ? 'Kept' : 'Pushed'} ${event.branch} at ${event.commit.slice(0, 10)}`];
    case 'work.handed-over':
      return [`Left for the job that publishes: ${event.directory} (manifest ${event.manifestSha256.slice(0, 10)})`];
    case 'handover.checked':
      return [
        `Taken in: ${formatCounted(event.commits, 'commit')} on ${formatCounted(event.branches, 'branch', 'branches')}`,
      ];
    case 'comment.saved':
      return [`Comment (${event.kind}): ${event.url}`];
    case 'run.ended':
      return outcomeLines(
        event.outcome,
        `${formatUsd(event.usage.costNanoUsd)}, ${formatDuration(event.durationMs)}`,
        state,
      );
    default:
      return workLines(event, state);
  }
}

function exposureWords({ agent, place, path }: Extract<RunEvent, { type: 'credential.exposed' }>): string {
  const where = `${place}${path === null ? '' : ` (${path})`}${agent === null ? '' : ` of ${agent}`}`;
  return `A credential of this run shows in a ${where}. The run ends, and publishes nothing.`;
}

function workLines(event: RunEvent, state: RunState): readonly string[] {
  switch (event.type) {
    case 'task.started':
      return [`${event.taskId} started: ${event.role} on ${event.branch}`];
    case 'model.replied':
      return signOfLife(event.agent, event.turn, state);
    case 'model.failed':
      return [`${event.agent}: the model did not answer (${event.reason}): ${event.message}`];
    case 'model.retried':
      return [
        `The model is asked again in ${formatDuration(event.delayMs)} (attempt ${event.attempt}, ${event.reason})`,
      ];
    case 'task.handed-back':
      return [`${event.taskId} was handed back (${event.kind}): ${event.detail}`];
    case 'escalation.ended':
      return [`${event.taskId} could not go on (${event.rule}): ${event.action}. ${event.text}`];
    case 'question.asked':
      return [`${event.taskId} needs an answer: ${event.question}`];
    case 'review.ended':
      return [reviewSentence(state) ?? ''];
    case 'check.ended':
      return [`${checkName(event)}: ${checkWords(event.check)}`];
    case 'task.ended':
      return [taskWords(event.result)];
    case 'merge.ended':
      return [`${event.merge.taskId} ${event.merge.status === 'merged' ? 'is integrated' : 'could not be integrated'}`];
    default:
      return [];
  }
}

function issueLines(state: RunState): readonly string[] {
  const { issue } = state;
  if (issue === null) return [];
  const number = issueNumber(state);
  const hidden = hiddenSentence(issue);
  return [`Request: ${number === null ? '' : `#${number} `}${issue.title}`, ...(hidden === '' ? [] : [hidden])];
}

const continued = (pullRequest: number | null): string =>
  pullRequest === null ? '' : `, going on with #${pullRequest}`;

function planLines({ plan }: RunState): readonly string[] {
  if (plan === null) return [];
  const { expectedNanoUsd, worstNanoUsd } = plan.estimate;
  const cost = `${formatUsd(expectedNanoUsd)} expected, ${formatUsd(worstNanoUsd)} at worst`;
  const tasks = plan.tasks.map(({ id, role, title, dependsOn }) => {
    const after = dependsOn.length === 0 ? '' : ` (after ${dependsOn.join(', ')})`;
    return `  ${id} ${role}: ${title}${after}`;
  });
  return [`Plan: ${formatCounted(plan.tasks.length, 'task')}, ${cost}`, ...tasks];
}

function signOfLife(agent: string, turn: number, { tasks }: RunState): readonly string[] {
  const task = tasks.find((t) => t.task.id === agent);
  if (!task || turn % turnsBetweenSigns !== 0) return [];
  return [`${agent}: ${formatCounted(turn, 'turn')}, ${formatUsd(task.usage.costNanoUsd)}`];
}

/** Acceptance is a task's own; checks are the project's, on the base or on what integration made of it. */
function checkName({ phase, taskId, check }: Extract<RunEvent, { type: 'check.ended' }>): string {
  switch (phase) {
    case 'task':
      return `Acceptance of ${taskId ?? 'a task'}, \`${check.command}\``;
    case 'baseline':
      return `Check ${check.name} (on the base)`;
    case 'merge':
      return `Check ${check.name} (${taskId === null ? 'with the contract' : `after ${taskId}`})`;
    case 'final':
      return `Check ${check.name} (on the result)`;
  }
}

const exitWords = (exitCode: number | null): string =>
  exitCode === null ? 'was stopped at its time limit' : exitCode === 0 ? 'done' : `failed (exit ${exitCode})`;

function checkWords(check: Check): string {
  const counts = check.passed === undefined ? '' : `, ${check.passed} passed, ${check.failed ?? 0} failed`;
  const result = check.exitCode === 0 ? 'passed' : exitWords(check.exitCode);
  return `${result}${counts} in ${formatDuration(check.durationMs)}`;
}

function taskWords({ task, status, turns, usage, changedFiles, reason }: TaskResult): string {
  const { added, deleted } = countLines(changedFiles);
  const facts = [
    formatCounted(turns, 'turn'),
    formatUsd(usage.costNanoUsd),
    `${formatCounted(changedFiles.length, 'file')} (+${added} -${deleted})`,
  ];
  return `${task.id} ${status}: ${facts.join(', ')}${reason === null ? '' : `. ${reason}`}`;
}

const verificationWords = ({ fixed, introduced, preexisting, weakened }: Verification): string =>
  `Result against base: ${fixed.length} fixed, ${introduced.length} introduced, ${preexisting.length} already failing` +
  (weakened.length > 0 ? `; ${formatCounted(weakened.length, 'test')} deleted, skipped or weakened` : '');

function outcomeLines(outcome: RunOutcome, spent: string, state: RunState): readonly string[] {
  switch (outcome.kind) {
    case 'opened':
    case 'updated':
      return [`Pull request ${outcome.kind}: ${outcome.pullRequest.url} (${spent})`];
    case 'built':
      return [`Built on ${outcome.branch} (${spent})`];
    case 'partial': {
      const where = outcome.pullRequest?.url ?? outcome.branch;
      const reasons = partialReasons(state);
      return [
        `Stopped early (${spent}):`,
        ...(reasons.length === 0 ? [outcome.reason] : reasons).map((reason) => `  - ${reason}`),
        ...(where === null ? [] : [`What was done: ${where}`]),
      ];
    }
    case 'planned':
      return [`Planned; nothing was built (${spent})`];
    case 'skipped':
      return [`Not run: ${outcome.reason}`];
    case 'failed':
      return [`Failed in ${outcome.stage} (${spent}):`, ...outcome.error.split('\n').map((line) => `  ${line}`)];
  }
}
