// What a person has to look at before a run may start, and how they say that they have.
import type { RunState } from '../../journal/run-state.ts';
import { code, foreign } from '../foreign.ts';
import { fence } from '../foreign-block.ts';
import { bullets, sections } from './table.ts';

/** Why the run waits, what the page does not show, and what to answer; empty where nothing is to be confirmed. Markdown. */
export function confirmationNote({ confirmation, trigger }: RunState): string {
  if (confirmation === null) return '';
  const { reasons, hidden, answer, base } = confirmation;
  const where = trigger?.source === 'terminal' ? 'give the same command with' : 'comment';
  return sections(
    '**Nothing was started: somebody with write access has to look at the request again.**',
    bullets(
      reasons.map((reason) => foreign(reason, 600)),
      10,
    ),
    hidden !== '' &&
      sections(
        'Lines of its source that hold what the page does not show. `⟨…⟩` stands for characters that nobody sees:',
        fence(hidden),
      ),
    `To start the run on exactly this title and body, built on ${code(base.slice(0, 10))}, ${where}`,
    fence(answer),
    'If one of them changes before that, the answer no longer fits and this is asked again.',
  );
}
