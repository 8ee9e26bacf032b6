// Checks on the base against checks on the result, and what changed between them.
import { formatDuration } from '../journal/format.ts';
import type { RunState } from '../journal/run-state.ts';
import type { Check } from '../types.ts';
import { block, html } from './html.ts';
import type { Html, Tone } from './html.ts';
import { checkResult } from './status.ts';

/** Null when no check ran. */
export function renderChecks(state: RunState): Html | null {
  const baseline = state.verification?.baseline ?? state.baseline;
  const final = state.verification?.final ?? [];
  const names = [...new Set([...baseline, ...final].map((check) => check.name))];
  if (names.length === 0) return null;
  const rows = names.map((name) =>
    renderRow(
      baseline.find((check) => check.name === name),
      final.find((check) => check.name === name),
    ),
  );
  return html`<table class="checks">
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">On the base</th>
          <th scope="col">On the result</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${renderDifference(state)} ${final.map((check) => renderOutput(check))}`;
}

function renderRow(before: Check | undefined, after: Check | undefined): Html {
  const known = after ?? before;
  return html`<tr>
    <th scope="row">${known?.name ?? ''}<code>${known?.command ?? ''}</code></th>
    <td data-label="On the base">${cell(before)}</td>
    <td data-label="On the result">${cell(after)}</td>
  </tr>`;
}

/** One element, since narrow screens lay it beside its label. */
const cell = (check: Check | undefined): Html =>
  html`<div>${checkResult(check)}${check && html` <small>in ${formatDuration(check.durationMs)}</small>`}</div>`;

function renderDifference({ verification }: RunState): Html | null {
  if (verification === null) return null;
  const lists: readonly (readonly [Tone, string, readonly string[]])[] = [
    ['bad', 'Introduced: failed on the result only', verification.introduced],
    ['good', 'Fixed: failed on the base only', verification.fixed],
    ['quiet', 'Already failing: on the base and on the result', verification.preexisting],
    ['warn', 'Tests deleted, skipped or no longer seen', verification.weakened],
  ];
  const shown = lists.filter(([, , items]) => items.length > 0);
  if (shown.length === 0)
    return html`<p class="quietly">
      Nothing failed on the base or on the result, and no test was removed or skipped.
    </p>`;
  return html`<div class="lists">
    ${shown.map(
      ([tone, title, items]) =>
        html`<div class="list ${tone}">
          <h3>${title} <small>${items.length}</small></h3>
          <ul>
            ${items.map((item) => html`<li>${item}</li>`)}
          </ul>
        </div>`,
    )}
  </div>`;
}

/** The end of a failing check's output, folded; nothing for one that passed. */
export function renderOutput(check: Check): Html | null {
  if (check.exitCode === 0 || check.outputTail === '') return null;
  return html`<details>
    <summary>Output of <b>${check.name}</b></summary>
    ${block(check.outputTail)}
  </details>`;
}
