// Title and body of the pull request: what was asked, done and measured. Needs no model, and always fits.
import { issueNumber, partialReasons, requestTitle, unfinishedWork } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { sandboxWords } from '../journal/sandbox-words.ts';
import { effectMarker } from './effect-marker.ts';
import { fitMarkdown } from './fit-markdown.ts';
import { code, foreign, foreignTitle } from './foreign.ts';
import { foreignBlock } from './foreign-block.ts';
import { checkSection, weakenedTests } from './parts/check-table.ts';
import { handoverNote } from './parts/handover.ts';
import { estimateTable, stopWords } from './parts/limit-words.ts';
import { flagNote } from './parts/judgement.ts';
import { claimList, contractNote, decisionList, integrationNotes, warningList } from './parts/notes.ts';
import { questionList } from './parts/questions.ts';
import { openFaultNote, reviewSection } from './parts/review.ts';
import { alert, bullets, fold, sections } from './parts/table.ts';
import { resultTable, taskDetails } from './parts/task-table.ts';
import { resultLine, spentLine, usageTable } from './parts/usage-table.ts';
import { maxMarkdownLength } from './sink.ts';

/** Room for what the sink may add in making text harmless. */
const targetLength = maxMarkdownLength - 2000;

/** How much is shown, from all to the least: file lists shrink first, then claims, then lists of names. */
interface Detail {
  readonly files: number;
  readonly claims: number;
  readonly names: number;
}
const details: readonly Detail[] = [
  { files: 300, claims: 2000, names: 100 },
  { files: 20, claims: 2000, names: 100 },
  { files: 0, claims: 2000, names: 100 },
  { files: 0, claims: 400, names: 100 },
  { files: 0, claims: 0, names: 100 },
  { files: 0, claims: 0, names: 10 },
];

/** `AI: ` and the request's title, at most 200 characters. It may become a commit subject, so nothing in it acts. */
export const renderPullRequestTitle = (state: RunState): string =>
  `AI: ${foreignTitle(requestTitle(state) || state.plan?.summary || 'changes', 190)}`;

/**
 * Markdown of the pull request's body, at most 60,000 characters. It closes the issue only when everything was completed
 * (see `partialReasons`). Pass it through the sink before it leaves.
 */
export function renderPullRequestBody(state: RunState): string {
  const fitting = details.map((detail) => () => render(state, detail));
  for (const attempt of fitting) {
    const body = attempt();
    if (body.length <= targetLength) return body;
  }
  return fitMarkdown(render(state, { files: 0, claims: 0, names: 10 }), targetLength);
}

function render(state: RunState, { files, claims, names }: Detail): string {
  return [
    ...head(state),
    sections(
      questionList(state),
      weakenedTests(state, names),
      flagNote(state, Math.min(names, 20)),
      openFaultNote(state, names),
      partialNote(state),
      `${resultLine(state)}<br>\n${spentLine(state)}`,
      planSummary(state),
      section('What was measured', sections(handoverNote(state), checkSection(state, names))),
      section('Who did what', sections(resultTable(state), taskDetails(state, files))),
      section('Shared contract', contractNote(state, names)),
      section('Integration', integrationNotes(state, names)),
      section('Review', reviewSection(state, names)),
      section('Decisions', decisionList(state, names)),
      section('Claims of the agents (not verified)', claimList(state, claims)),
      section('What it took', sections(usageTable(state), estimateTable(state))),
      warningList(state, names),
      sandboxWords(state).join(' '),
      footer(state),
    ),
  ].join('\n');
}

function head(state: RunState): readonly string[] {
  const issue = issueNumber(state);
  const closes = issue !== null && partialReasons(state).length === 0 ? [`Closes #${issue}`, ''] : [];
  return [effectMarker(state, 'pull-request'), ...closes];
}

const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`);

function partialNote(state: RunState): string {
  if (partialReasons(state).length === 0) return '';
  // In other words, `close` before a number would close that issue.
  const kept = issueNumber(state) === null ? '' : ' The issue stays open when this is merged.';
  const title = `**This is not the whole of what was asked.**${kept}`;
  return alert('CAUTION', sections(title, stopWords(state), workList(state)));
}

const workList = (state: RunState): string =>
  bullets(
    unfinishedWork(state).map((reason) => foreign(reason, 600)),
    30,
  );

const planSummary = ({ plan }: RunState): string =>
  plan === null || plan.summary.trim() === ''
    ? ''
    : fold("The plan, in the manager's words", foreignBlock(plan.summary));

function footer({ version, runId, base, integration }: RunState): string {
  const built = base === null ? '' : startWords(base);
  const head = integration?.result ? `, integrated as ${code(integration.result.slice(0, 10))}` : '';
  const run = `by ai-implement ${code(version)}, run ${code(runId)}. To have something changed, comment \`/ai-implement\` with what to change.`;
  return `---\n\n<sub>${[built + head, run].filter(Boolean).join(' ')}</sub>`;
}

/** A run that goes on starts from the head of its pull request, which is no commit of the base branch. */
function startWords({ branch, commit, continues }: NonNullable<RunState['base']>): string {
  const at = code(commit.slice(0, 10));
  return continues === null ? `Built on ${code(branch)} at ${at}` : `Went on from ${at} of #${continues}`;
}
