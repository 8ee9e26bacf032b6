// The report of a run: one HTML file that needs nothing else, made from the journal alone.
import { createHash } from 'node:crypto';
import type { JournalEntry } from '../events.ts';
import { formatCount } from '../journal/format.ts';
import { projectRun } from '../journal/project-run.ts';
import type { RunState } from '../journal/run-state.ts';
import { renderChecks } from './checks.ts';
import { renderCosts, usageByAgent } from './costs.ts';
import { renderDecisions } from './decisions.ts';
import { renderHeader, reportTitle } from './header.ts';
import { html, section, trusted } from './html.ts';
import type { Html } from './html.ts';
import { renderNotices } from './notices.ts';
import { renderReview } from './review.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { renderTaskGraph } from './task-graph.ts';
import { renderTasks } from './tasks.ts';
import { timelineRows } from './timeline-rows.ts';
import { renderTimeline } from './timeline.ts';
import { renderTranscript } from './transcript.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

// Plain strings, since the policy's hashes are over every character between the tags.
const styleElement = trusted(`<style>${style}</style>`);
const scriptElement = trusted(`<script>${script}</script>`);

/** Nothing may be loaded, and only our own style and script may run, whatever text the journal holds. */
const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;

export interface ReportOptions {
  /** False leaves out what the agents were told, said and ran, and says so. True unless given. */
  readonly transcripts?: boolean;
}

/**
 * A whole HTML document, also for a journal that ends in the middle. Depends on what is given alone: the same journal
 * gives the same bytes. Of a run that may have shown a credential it holds no word of an agent.
 */
export function renderReport(entries: readonly JournalEntry[], { transcripts = true }: ReportOptions = {}): string {
  const state = projectRun(entries);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${reportTitle(state)} · ai-implement</title>
        ${styleElement}
      </head>
      <body>
        <main>${state.isExposed ? renderExposed(state, entries) : renderParts(state, entries, transcripts)}</main>
        <footer>${renderFooter(state, entries)}</footer>
        ${scriptElement}
      </body>
    </html> `;
  return page.text;
}

function renderParts(state: RunState, entries: readonly JournalEntry[], transcripts: boolean): Html {
  const ended = entries.findLast(({ event }) => event.type === 'run.ended')?.event;
  const told = transcripts ? entries : [];
  return html`${renderHeader(state, ended?.type === 'run.ended' ? ended.durationMs : null)}
    ${section('checks', 'Checks', renderChecks(state))} ${section('review', 'Review', renderReview(state))}
    ${section('notices', 'Questions, limits and warnings', renderNotices(state))}
    ${section('timeline', 'Timeline', renderTimeline(timelineRows(entries, state), state))}
    <div class="pair">
      ${section('graph', 'Tasks and dependencies', renderTaskGraph(state))}
      ${section('costs', 'Cost by agent', renderCosts(usageByAgent(entries), state))}
    </div>
    ${section('plan', 'Plan and decisions', renderDecisions(state))}
    ${section('tasks', 'Tasks', renderTasks(state, told))}
    ${section('manager', 'Manager', renderTranscript('manager', told))}
    ${section('reviewer', 'Reviewer', renderTranscript('reviewer', told))}
    ${transcripts ? null : section('transcripts', 'Transcripts', leftOut)}`;
}

/** Of a run that may have shown a credential: how it ended and what it took, and no word of an agent. */
const renderExposed = (state: RunState, entries: readonly JournalEntry[]): Html =>
  html`${renderHeader({ ...state, tasks: [], questions: [], warnings: [] }, null)}
  ${section('costs', 'Cost by agent', renderCosts(usageByAgent(entries), state))}
  ${section('transcripts', 'Everything else', html`<p>Left out, as a credential may have shown in it.</p>`)}`;

/** A report that lacks something says so, and how to get it. */
const leftOut = html`<p>
  Left out: anybody may read what a workflow of a public repository uploads. To have them in the report of the next run,
  set <code>report-transcript: always</code> in the workflow, or <code>report.transcript</code> in
  <code>orchestrator-config.json</code>.
</p>`;

function renderFooter(state: RunState, entries: readonly JournalEntry[]): Html {
  const started = new Date(state.startedAtMs).toISOString().slice(0, 16).replace('T', ' ');
  return html`Run <code>${state.runId}</code>, started ${started} UTC, ai-implement ${state.version}. Made from
    ${formatCount(entries.length)} journal events.`;
}
