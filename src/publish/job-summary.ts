// The summary that a workflow run shows on its page: how it ended, and the same facts as the pull request.
import { requestTitle } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { sandboxWords } from '../journal/sandbox-words.ts';
import { exposureNotice } from './exposure-notice.ts';
import { code, foreign } from './foreign.ts';
import { checkSection, weakenedTests } from './parts/check-table.ts';
import { handoverNote } from './parts/handover.ts';
import { ceilingWords, estimateTable } from './parts/limit-words.ts';
import { decisionList, integrationNotes, warningList } from './parts/notes.ts';
import { flagNote } from './parts/judgement.ts';
import { headline, outcomeDetails } from './parts/outcome.ts';
import { planGraph } from './parts/plan-graph.ts';
import { questionList } from './parts/questions.ts';
import { openFaultNote, reviewSection } from './parts/review.ts';
import { sections } from './parts/table.ts';
import { resultTable, unfinishedList } from './parts/task-table.ts';
import { resultLine, spentLine, usageTable } from './parts/usage-table.ts';

/**
 * Markdown of the job summary. Pass it through the sink before it leaves.
 * @param reportPath where the HTML report lies on the runner, or null when none was written.
 */
export function renderJobSummary(state: RunState, reportPath: string | null = null): string {
  if (state.isExposed) return `## ${exposureNotice}`;
  const asked = foreign(requestTitle(state), 200);
  const built = state.tasks.length > 0;
  const worked = state.usage.requests > 0;
  return sections(
    `## ${headline(state)}`,
    asked && `**${asked}**`,
    outcomeDetails(state),
    worked && [built && resultLine(state), spentLine(state)].filter(Boolean).join('<br>\n'),
    questionList(state),
    weakenedTests(state, 50),
    flagNote(state, 20),
    openFaultNote(state, 50),
    planGraph(state),
    section('Tasks', sections(resultTable(state), state.outcome?.kind !== 'partial' && unfinishedList(state))),
    built &&
      state.outcome?.kind !== 'planned' &&
      section('What was measured', sections(handoverNote(state), checkSection(state, 50))),
    section('Integration', integrationNotes(state, 50)),
    section('Review', reviewSection(state, 50)),
    section('Decisions', decisionList(state, 50)),
    section('What it took', sections(usageTable(state), estimateTable(state))),
    ceilingWords(state),
    sandboxWords(state).join(' '),
    warningList(state),
    reportPath !== null && `Report with timeline and transcripts: ${code(reportPath)}`,
  );
}

const section = (title: string, body: string): string => (body === '' ? '' : `### ${title}\n\n${body}`);
