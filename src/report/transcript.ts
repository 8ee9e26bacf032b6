// What one agent was told, said and did, in order, as folded parts of the page.
import { stringify } from 'yaml';
import type { JournalEntry, RunEvent } from '../events.ts';
import { formatDuration } from '../journal/format.ts';
import { formatUsd } from '../money/format-usd.ts';
import { block, html, pill } from './html.ts';
import type { Html } from './html.ts';
import { checkResult, phaseWords } from './status.ts';

/** Null when the agent never spoke nor was spoken to. `agent` is `manager` or a task's id. */
export function renderTranscript(agent: string, entries: readonly JournalEntry[]): Html | null {
  const steps = entries.flatMap(({ event }) => (concerns(event, agent) ? (renderStep(event) ?? []) : []));
  if (steps.length === 0) return null;
  return html`<details class="transcript">
    <summary>Transcript of <b>${agent}</b> <small>${steps.length} steps</small></summary>
    <p class="controls">
      <button type="button" data-open hidden>Open all</button>
      <button type="button" data-close hidden>Close all</button>
    </p>
    <ol>
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ol>
  </details>`;
}

function concerns(event: RunEvent, agent: string): boolean {
  if ('agent' in event) return event.agent === agent;
  return 'taskId' in event && event.taskId === agent;
}

function renderStep(event: RunEvent): Html | null {
  switch (event.type) {
    case 'agent.told':
      return fold(
        html`Told <small>before turn ${event.turn}</small> <span class="peek">${firstLine(event.text)}</span>`,
        block(event.text),
      );
    case 'model.replied':
      return renderReply(event);
    case 'tool.ended':
      return renderCall(event);
    case 'model.failed':
      return html`${pill('bad', 'model failed')} ${event.reason}: ${event.message}`;
    case 'task.handed-back':
      return html`${pill('warn', 'handed back')} ${event.kind} ${block(event.detail)}`;
    case 'escalation.ended':
      return html`${pill('warn', event.rule)} ${event.action}: ${event.rationale} ${block(event.text)}`;
    case 'question.asked':
      return html`${pill('warn', 'needs an answer')} ${block(event.question)}`;
    case 'check.ended':
      return html`<span class="peek">${phaseWords[event.phase]} <b>${event.check.name}</b></span>
        ${checkResult(event.check)}`;
    case 'agent.steps':
      return html`<small>Its own list</small>
        <ul class="steps">
          ${event.items.map((item) => html`<li><small>${item.status}</small> ${item.text}</li>`)}
        </ul>`;
    default:
      return null;
  }
}

function renderReply({
  turn,
  content,
  stopReason,
  usage,
  durationMs,
}: Extract<RunEvent, { type: 'model.replied' }>): Html {
  const texts = content.flatMap((part) => (part.type === 'text' && part.text.trim() !== '' ? [part.text.trim()] : []));
  const calls = content.filter((part) => part.type === 'tool_use').length;
  const asks = calls === 0 ? '' : `, asks for ${calls} tool ${calls === 1 ? 'call' : 'calls'}`;
  const odd = stopReason === 'end_turn' || stopReason === 'tool_use' ? null : pill('warn', stopReason);
  return html`<h4>
      Turn ${turn} <small>${formatDuration(durationMs)}, ${formatUsd(usage.costNanoUsd)}${asks}</small> ${odd}
    </h4>
    ${texts.map((text) => html`<p class="said">${text}</p>`)}`;
}

function renderCall(event: Extract<RunEvent, { type: 'tool.ended' }>): Html {
  const summary = html`<b>${event.tool}</b> ${event.isError && pill('bad', 'error')}
    <span class="peek">${firstLine(firstWords(event.input))}</span> <small>${formatDuration(event.durationMs)}</small>`;
  return fold(
    summary,
    html`<h5>Input</h5>
      ${block(inputText(event.input))}
      <h5>Result</h5>
      ${block(event.content)}`,
  );
}

const fold = (summary: Html, content: Html): Html =>
  html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;

/** YAML shows text of several lines as it is, which JSON does not. */
function inputText(input: unknown): string {
  return typeof input === 'string' ? input : stringify(input, { lineWidth: 0 }).trimEnd();
}

/** The first text found in a tool's input: its command, path or pattern. */
function firstWords(input: unknown): string {
  if (typeof input === 'string') return input;
  const values = typeof input === 'object' && input !== null ? Object.values(input) : [];
  return values.map(firstWords).find((words) => words !== '') ?? '';
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
