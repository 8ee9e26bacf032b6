// The plan in words: its summary and the decisions behind it.
import { runDecisions } from '../journal/run-decisions.ts';
import type { RunState } from '../journal/run-state.ts';
import { formatUsd } from '../money/format-usd.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Null before a plan was accepted. */
export function renderDecisions(state: RunState): Html | null {
  const { plan, planRefusals } = state;
  if (plan === null) return null;
  const { expectedNanoUsd, worstNanoUsd } = plan.estimate;
  const decisions = runDecisions(state).map(
    ({ decision, rationale, affectedAgents }) =>
      html`<li>
        <b>${decision}</b>
        <p>${rationale}</p>
        ${affectedAgents.length > 0 && html`<small>Concerns ${affectedAgents.join(', ')}</small>`}
      </li>`,
  );
  return html`<p class="lead">${plan.summary}</p>
    ${
      decisions.length > 0 &&
      html`<ul class="decisions">
        ${decisions}
      </ul>`
    }
    ${
      plan.contract &&
      html`<h3>Contract</h3>
        <p>${plan.contract.summary}</p>
        <ul class="paths">
          ${plan.contract.files.map((file) => html`<li><code>${file.path}</code></li>`)}
        </ul>`
    }
    <p class="quietly">
      Estimate: ${formatUsd(expectedNanoUsd)} expected, ${formatUsd(worstNanoUsd)} at worst. Plan
      <code>${plan.hash.slice(0, 12)}</code>${planRefusals.length > 0 && html`, after ${planRefusals.length} refused`}.
    </p>
    ${planRefusals.map(
      ({ attempt, faults }) =>
        html`<details>
          <summary>Plan ${attempt} was refused</summary>
          <ul>
            ${faults.map((fault) => html`<li>${fault}</li>`)}
          </ul>
        </details>`,
    )}`;
}
