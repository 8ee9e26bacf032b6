// The block that ends a run on the terminal: 80 columns of plain text, every number measured.
import type { Check } from '../types.ts';
import { costRowOf, estimateAgainstActual, estimateWords } from '../journal/estimate-against-actual.ts';
import { formatCount, formatDuration } from '../journal/format.ts';
import { flagSentences, isFlagged } from '../journal/judgement-facts.ts';
import { findingPlace, openFaults, reviewSentence } from '../journal/review-facts.ts';
import {
  changedFiles,
  countTests,
  isPassed,
  partialReasons,
  requestTitle,
  runDurationMs,
  totalTokens,
} from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { sandboxWords } from '../journal/sandbox-words.ts';
import { formatUsd } from '../money/format-usd.ts';
import { dropControls, dropInvisible } from './characters.ts';
import { oneLine } from './foreign.ts';
import { taskCost } from './parts/limit-words.ts';
import { doneWords, isUnstarted } from './parts/measured-words.ts';
import { statusWords } from './parts/task-words.ts';

const columns = 80;
const rule = '='.repeat(columns);

/** The summary block, without a line feed at its end. Pass it through the sink's `plain` before it leaves. */
export function renderTerminalSummary(state: RunState): string {
  return [
    rule,
    'ORCHESTRATION SUMMARY',
    rule,
    ...wrap('Feature: ', oneLine(requestTitle(state), 300) || '(none)'),
    `Duration: ${formatDuration(runDurationMs(state))}`,
    ...wrap('API Calls: ', callWords(state)),
    ...wrap('Tokens Used: ', tokenWords(state)),
    ...wrap('Cost: ', costWords(state)),
    ...sandboxWords(state).flatMap((words, i) => wrap(i === 0 ? 'Sandbox: ' : '  ', words)),
    ...block('Tasks:', taskLines(state)),
    ...block('Results:', resultLines(state)),
    ...block('Needs an answer:', questionLines(state)),
    ...block('Lines of the request that hold what its page does not show:', hiddenLines(state)),
    ...block(
      'Branches:',
      state.branches.flatMap(({ branch }) => wrap('  • ', branch)),
    ),
    ...block(
      'Warnings:',
      state.warnings.flatMap((warning) => wrap('  • ', oneLine(warning, 600))),
    ),
    '',
    ...statusLines(state),
    rule,
  ].join('\n');
}

const block = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

function callWords({ usage, usageByRole }: RunState): string {
  const byRole = Object.entries(usageByRole).map(([role, { requests }]) => `${role} x${requests}`);
  return byRole.length === 0 ? formatCount(usage.requests) : `${formatCount(usage.requests)} (${byRole.join(', ')})`;
}

function tokenWords({ usage }: RunState): string {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const parts = [`input ${formatCount(inputTokens)}`, `output ${formatCount(outputTokens)}`];
  const cached = [`cache read ${formatCount(cacheReadTokens)}`, `cache written ${formatCount(cacheWriteTokens)}`];
  return `${formatCount(totalTokens(usage))} (${[...parts, ...cached].join(', ')})`;
}

function costWords(state: RunState): string {
  const estimate = estimateAgainstActual(state);
  const words = estimate === null ? '' : ` (estimate: ${estimateWords(estimate.run)})`;
  return `${formatUsd(state.usage.costNanoUsd)}${words}`;
}

function taskLines(state: RunState): readonly string[] {
  return state.tasks.flatMap((one) => {
    const { task, result } = one;
    const { mark, word } = statusWords(one, state.outcome !== null);
    return [
      ...wrap(`  ${mark} `, `${task.id}: ${oneLine(task.title, 200)} (${word})`),
      ...wrap('     ', taskCost(costRowOf(state, task.id))),
      ...(result?.reason ? wrap('     ', oneLine(result.reason, 300)) : []),
    ];
  });
}

function resultLines(state: RunState): readonly string[] {
  if (state.tasks.length === 0) return [];
  const files = changedFiles(state);
  const count = (status: string) => files.filter((f) => f.status === status).length;
  const others = files.length - count('added') - count('deleted');
  return [
    `  • Files created: ${count('added')}, changed: ${others}, deleted: ${count('deleted')}`,
    ...measuredLines(state),
    ...flagSentences(state).flatMap((line) => wrap('  • ', oneLine(line, 300))),
    ...reviewLines(state),
    ...(state.verification?.weakened ?? []).flatMap((line) => wrap('  • WEAKENED TEST: ', oneLine(line, 300))),
  ];
}

function reviewLines(state: RunState): readonly string[] {
  const verdict = reviewSentence(state);
  const open = openFaults(state).map((fault) => `${findingPlace(fault)}: ${fault.why}`);
  return [
    ...(verdict === null ? [] : wrap('  • ', verdict)),
    ...open.flatMap((fault) => wrap('  • OPEN FINDING: ', oneLine(fault, 300))),
  ];
}

function questionLines({ questions }: RunState): readonly string[] {
  return questions.flatMap(({ taskId, question }) => wrap('  • ', `${taskId}: ${oneLine(question, 600)}`));
}

/** As they are: what was hidden has been made visible, and a cut line would hide it again. */
const hiddenLines = ({ confirmation }: RunState): readonly string[] =>
  (confirmation?.hidden ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => `  | ${dropControls(line)}`);

function measuredLines({ verification }: RunState): readonly string[] {
  if (verification === null) return ['  • Tests: not run on the result'];
  const { baseline, final, fixed, introduced, preexisting } = verification;
  if (final.length === 0) return ['  • Tests: none found, nothing was measured'];
  const tests = countTests(final);
  const before = countTests(baseline);
  const base = before ? ` (base: ${before.passed} passed, ${before.failed} failed)` : '';
  return [
    ...(tests ? [`  • Tests: ${tests.passed} passed, ${tests.failed} failed${base}`] : []),
    `  • Checks: ${final.filter(isPassed).length} of ${final.length} passed${unstarted(final)}`,
    `  • Failures fixed: ${fixed.length}, introduced: ${introduced.length}, already there: ${preexisting.length}`,
  ];
}

function unstarted(checks: readonly Check[]): string {
  const count = checks.filter(isUnstarted).length;
  return count === 0 ? '' : `, ${count} could not be run here`;
}

function statusLines(state: RunState): readonly string[] {
  const { outcome } = state;
  switch (outcome?.kind) {
    case undefined:
      return ['Status: 🔄 RUNNING'];
    case 'opened':
    case 'updated':
      return [...success(state), ...wrap('Pull request: ', outcome.pullRequest.url)];
    case 'built':
      return [...success(state), ...wrap('Branch: ', outcome.branch)];
    case 'partial':
      return [
        ...partialLines(state, outcome.reason),
        ...(outcome.pullRequest ? wrap('Pull request: ', outcome.pullRequest.url) : []),
        ...(outcome.branch === null ? [] : wrap('Branch: ', outcome.branch)),
      ];
    case 'planned':
      return ['Status: 📋 PLANNED - nothing was built'];
    case 'skipped':
      return wrap('Status: ', `⏭️ SKIPPED - ${oneLine(outcome.reason, 1200)}`);
    case 'failed':
      return [...wrap('Status: ', `❌ FAILED in ${outcome.stage}`), ...errorLines(outcome.error)];
  }
}

function partialLines(state: RunState, reason: string): readonly string[] {
  const reasons = partialReasons(state);
  if (reasons.length === 0) return wrap('Status: ', `⚠️ PARTIAL - ${oneLine(reason, 600)}`);
  return ['Status: ⚠️ PARTIAL', ...reasons.flatMap((one) => wrap('  • ', oneLine(one, 600)))];
}

function success(state: RunState): readonly string[] {
  const whole = partialReasons(state).length === 0 && openFaults(state).length === 0 && !isFlagged(state);
  return wrap('Status: ', whole ? doneWords(state) : '⚠️ DONE - but not ready to merge, see above');
}

const errorLines = (error: string): readonly string[] =>
  dropInvisible(dropControls(error))
    .split('\n')
    .slice(0, 20)
    .flatMap((line) => wrap('  ', line));

/** Words in lines of at most 80 columns, later lines indented like the first's text; a longer word stays whole. */
function wrap(lead: string, text: string): readonly string[] {
  const width = columns - lead.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  const indent = ' '.repeat(lead.length > 8 ? 4 : lead.length);
  return [...lines, line].map((part, index) => (index === 0 ? lead : indent) + part);
}
