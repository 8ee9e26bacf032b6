// What the reviews of the integrated work found, round by round. Claims of a model, and shown as such.
import { findingPlace, reviewSentence } from '../journal/review-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { html, pill } from './html.ts';
import type { Html } from './html.ts';

const tones = { high: 'bad', medium: 'warn', low: 'quiet' } as const;

/** Null when nothing was reviewed. */
export function renderReview(state: RunState): Html | null {
  const sentence = reviewSentence(state);
  if (sentence === null) return null;
  const rounds = state.reviews.filter(({ findings }) => findings.length > 0);
  return html`<p class="lead">${sentence}</p>
    ${rounds.map(
      ({ round, findings }) =>
        html`<h3>Round ${round}: claims of the reviewer</h3>
          <ul class="notices">
            ${findings.map(
              (finding) =>
                html`<li>
                  ${pill(tones[finding.severity], finding.severity)}
                  <code>${findingPlace(finding)}</code> ${finding.why}
                </li>`,
            )}
          </ul>`,
    )}`;
}
