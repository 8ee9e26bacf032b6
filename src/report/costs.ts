// What each agent cost: one bar each, from the usage that the provider reported with each reply.
import type { JournalEntry } from '../events.ts';
import { costRowOf, estimateWords } from '../journal/estimate-against-actual.ts';
import { formatCount } from '../journal/format.ts';
import { totalTokens } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { formatUsd } from '../money/format-usd.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import type { Usage } from '../types.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Usage by agent (`manager` or a task's id), in order of the first reply. */
export function usageByAgent(entries: readonly JournalEntry[]): ReadonlyMap<string, Usage> {
  const sums = new Map<string, Usage>();
  for (const { event } of entries) {
    if (event.type !== 'model.replied' && event.type !== 'model.failed') continue;
    const before = sums.get(event.agent);
    sums.set(event.agent, before === undefined ? event.usage : addUsage(before, event.usage));
  }
  return sums;
}

/** Null when no model was asked. Bars are scaled to the dearest agent. */
export function renderCosts(usages: ReadonlyMap<string, Usage>, state: RunState): Html | null {
  if (usages.size === 0) return null;
  const costs = [...usages.values()].map((usage) => usage.costNanoUsd);
  const dearest = Math.max(1, ...costs);
  const total = Math.max(
    1,
    costs.reduce((sum, cost) => sum + cost, 0),
  );
  // Tasks that nobody was asked for yet have their estimate to show.
  const planned = state.tasks.map(({ task }) => [task.id, usages.get(task.id) ?? noUsage] as const);
  const rows = [...new Map([...usages, ...planned])].map(([agent, usage]) => {
    const role = state.tasks.find((task) => task.task.id === agent)?.task.role;
    return html`<div class="cost">
      <span class="who"><b>${agent}</b> <small>${role ?? 'planning'}</small></span>
      <span class="sum"
        ><b>${formatUsd(usage.costNanoUsd)}</b> <small>${Math.round((usage.costNanoUsd / total) * 100)}%</small></span
      >
      <svg height="12" aria-hidden="true">
        <rect class="track" width="100%" height="12" rx="3"></rect>
        <rect class="model" width="${((usage.costNanoUsd / dearest) * 100).toFixed(1)}%" height="12" rx="3"></rect>
      </svg>
      <small class="detail">${describeUsage(usage)}${estimateOf(agent, state)}</small>
    </div>`;
  });
  return html`<div class="costs">${rows}</div>`;
}

/** `; estimate: $0.40 expected, $1.20 at worst`; empty for who has no estimate of their own. */
function estimateOf(agent: string, state: RunState): string {
  const words = estimateWords(costRowOf(state, agent));
  return words === '' ? '' : `; estimate: ${words}`;
}

/** `12 calls, 48,213 tokens (81% of input from cache)`. */
export function describeUsage(usage: Usage): string {
  const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const cached = input === 0 ? '' : ` (${Math.round((usage.cacheReadTokens / input) * 100)}% of input from cache)`;
  const calls = `${formatCount(usage.requests)} ${usage.requests === 1 ? 'call' : 'calls'}`;
  return `${calls}, ${formatCount(totalTokens(usage))} tokens${cached}`;
}
