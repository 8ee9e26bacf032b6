// What only a person can answer, with how to answer it.
import type { RunState } from '../../journal/run-state.ts';
import { foreign } from '../foreign.ts';
import { alert, bullets, sections } from './table.ts';

/** A highlighted block of the open questions; empty when there are none. */
export function questionList({ questions }: RunState): string {
  if (questions.length === 0) return '';
  const items = questions.map(({ taskId, question }) => `**${foreign(taskId)}** asks: ${foreign(question, 600)}`);
  return alert(
    'WARNING',
    sections('**Needs an answer**', bullets(items, 20), 'To answer, comment `/ai-implement` followed by the answer.'),
  );
}
