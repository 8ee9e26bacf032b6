// One card for each task: what was measured, what its agent claims, and its transcript.
import type { JournalEntry } from '../events.ts';
import { formatCounted, formatDuration } from '../journal/format.ts';
import { countLines, unfinishedReason } from '../journal/run-facts.ts';
import type { RunState, TaskState } from '../journal/run-state.ts';
import { formatUsd } from '../money/format-usd.ts';
import type { Claims, FileChange } from '../types.ts';
import { renderOutput } from './checks.ts';
import { html, pill, taskAnchor } from './html.ts';
import type { Html } from './html.ts';
import { checkResult, statusTone } from './status.ts';
import { renderTranscript } from './transcript.ts';

/** Null before a plan was accepted. */
export function renderTasks(state: RunState, entries: readonly JournalEntry[]): Html | null {
  return state.tasks.length === 0 ? null : html`${state.tasks.map((task) => renderTask(task, entries))}`;
}

function renderTask(state: TaskState, entries: readonly JournalEntry[]): Html {
  const { task, result } = state;
  const reason = unfinishedReason(state);
  return html`<article id="${taskAnchor(task.id)}" class="card">
    <h3><span class="id">${task.id}</span> ${task.title} ${pill(statusTone(state.status), state.status)}</h3>
    <p class="facts">${facts(state).map((fact) => html`<span>${fact}</span>`)}</p>
    ${reason !== null && html`<p class="reason">${reason}</p>`} ${renderAcceptance(state)} ${renderReturns(state)}
    ${result !== null && renderFiles(result.changedFiles)} ${result?.claims && renderClaims(result.claims)}
    ${renderTranscript(task.id, entries)}
  </article>`;
}

function facts({ task, branch, result, turns, usage, startedAtMs, endedAtMs }: TaskState): readonly (Html | string)[] {
  return [
    task.role,
    ...(turns === 0 ? [] : [formatCounted(turns, 'turn')]),
    ...(usage.requests === 0 ? [] : [formatUsd(usage.costNanoUsd)]),
    ...(startedAtMs === null || endedAtMs === null ? [] : [formatDuration(endedAtMs - startedAtMs)]),
    ...(task.dependsOn.length === 0 ? [] : [`after ${task.dependsOn.join(', ')}`]),
    ...(branch === null ? [] : [html`<code>${branch}</code>`]),
    ...(result?.commit == null ? [] : [html`<code>${result.commit.slice(0, 10)}</code>`]),
  ];
}

function renderAcceptance({ checks }: TaskState): Html | null {
  if (checks.length === 0) return null;
  return html`<h4>Acceptance, as we ran it</h4>
    <ul class="acceptance">
      ${checks.map((check) => html`<li><code>${check.command}</code> ${checkResult(check)}</li>`)}
    </ul>
    ${checks.map((check) => renderOutput(check))}`;
}

function renderReturns({ merge }: TaskState): Html | null {
  if (merge === null || merge.returns.length === 0) return null;
  return html`<h4>Returned by integration</h4>
    <ul>
      ${merge.returns.map(({ kind, detail }) => html`<li>${kind}: ${detail}</li>`)}
    </ul>`;
}

function renderFiles(files: readonly FileChange[]): Html | null {
  if (files.length === 0) return null;
  const { added, deleted } = countLines(files);
  return html`<details>
    <summary>${formatCounted(files.length, 'file')} changed <small class="lines">+${added} −${deleted}</small></summary>
    <ul class="paths">
      ${files.map((file) => html`<li><code>${file.path}</code> <small class="lines">${file.status}, +${file.addedLines} −${file.deletedLines}</small></li>`)}
    </ul>
  </details>`;
}

function renderClaims({ summary, testsRun, notes }: Claims): Html {
  return html`<aside class="claim">
    <h4>Claimed by the agent <small>its own words, not measured</small></h4>
    <p>${summary}</p>
    ${testsRun.length > 0 && html`<p><small>Says it ran: ${testsRun.map((run) => html`<code>${run}</code> `)}</small></p>`}
    ${notes !== '' && html`<p>${notes}</p>`}
  </aside>`;
}
