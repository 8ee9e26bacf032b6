// The comment that a run leaves on its pull request: the same facts as the body, short.
import { reviewSentence } from '../journal/review-facts.ts';
import { partialReasons, unfinishedWork } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { effectMarker } from './effect-marker.ts';
import { foreign } from './foreign.ts';
import { checkSection, weakenedTests } from './parts/check-table.ts';
import { handoverNote } from './parts/handover.ts';
import { flagNote } from './parts/judgement.ts';
import { estimateTable, stopWords } from './parts/limit-words.ts';
import { integrationNotes, warningList } from './parts/notes.ts';
import { questionList } from './parts/questions.ts';
import { openFaultNote } from './parts/review.ts';
import { bullets, sections } from './parts/table.ts';
import { resultTable } from './parts/task-table.ts';
import { resultLine, spentLine, usageTable } from './parts/usage-table.ts';

/** Markdown of the summary comment. Pass it through the sink before it leaves. */
export function renderSummaryComment(state: RunState): string {
  return [
    effectMarker(state, 'summary'),
    sections(
      partialReasons(state).length === 0 ? '### ✅ All tasks are done' : '### ⚠️ Not everything that was asked is done',
      stopWords(state),
      bullets(
        unfinishedWork(state).map((reason) => foreign(reason, 600)),
        30,
      ),
      questionList(state),
      `${resultLine(state)}<br>\n${spentLine(state)}`,
      weakenedTests(state, 20),
      flagNote(state, 20),
      openFaultNote(state, 20),
      handoverNote(state),
      checkSection(state, 20),
      reviewSentence(state),
      resultTable(state),
      integrationNotes(state, 20),
      estimateTable(state),
      usageTable(state),
      warningList(state),
    ),
  ].join('\n');
}
