// What limits cost: turns of eight agents through the ledger with every limit set but far away, beside the same without any.
import { askModel } from '../src/agent/ask-model.ts';
import { createLedger } from '../src/money/ledger.ts';
import { priceOf } from '../src/money/prices.ts';
import { usageOf } from '../src/money/price-usage.ts';
import type { MoneyLimits } from '../src/money/ceilings.ts';
import type { Model, ModelRequest } from '../src/ports.ts';
import { median } from './statistics.ts';

const AGENTS = 8;
const TURNS = 10_000;
const PAIRS = 9;
const MODEL = 'claude-sonnet-5-5';

const request: ModelRequest = {
  model: MODEL,
  maxTokens: 16_000,
  system: '',
  tools: [],
  toolChoice: 'auto',
  messages: [],
  sharedPrefixMessages: 0,
  outputSchema: null,
  effort: 'medium',
};

const none: MoneyLimits = { maxApiCalls: null, tokenBudget: null, costLimitNanoUsd: null };
const far: MoneyLimits = {
  maxApiCalls: 1e9,
  tokenBudget: 1e12,
  costLimitNanoUsd: 1e14,
  maxCostPerTaskNanoUsd: 1e14,
  dailyCostLimitNanoUsd: 1e14,
  dailyCostLimitPerPersonNanoUsd: 1e14,
};

/** Time of all turns with the limits over the time without; the median of pairs. */
export async function ledgerRatio(): Promise<number> {
  const ratios: number[] = [];
  for (let pair = 0; pair <= PAIRS; pair++) {
    const without = await timeOf(none);
    const ratio = (await timeOf(far)) / without;
    // The first pair compiles the code.
    if (pair > 0) ratios.push(ratio);
  }
  return median(ratios);
}

async function timeOf(limits: MoneyLimits): Promise<number> {
  const deps = { model: instantModel(), reporter: { emit: () => undefined }, ledger: ledgerOf(limits) };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: AGENTS }, (_, i) => converse(`TASK-00${i}`, deps)));
  return performance.now() - startedAt;
}

function ledgerOf(limits: MoneyLimits) {
  const ledger = createLedger({ limits, priceOf: (model) => priceOf(model) });
  const taskIds = Array.from({ length: AGENTS }, (_, i) => `TASK-00${i}`);
  ledger.expect(taskIds.map((taskId) => ({ taskId, expectedNanoUsd: 250_000_000 })));
  return ledger;
}

async function converse(agent: string, deps: Parameters<typeof askModel>[3]): Promise<void> {
  for (let turn = 1; turn <= TURNS / AGENTS; turn++) {
    const answer = await askModel(request, 40_000, { agent, role: 'backend-dev', turn }, deps);
    if (answer.kind !== 'reply') throw new Error('a limit that is far away was reached');
  }
}

/** Answers at once, but not in the same turn of the event loop, so that the agents' calls overlap. */
function instantModel(): Model {
  const price = priceOf(MODEL);
  if (price === null) throw new Error('not listed');
  const input = { inputTokens: 10, cacheReadTokens: 30_000, cacheWrite5mTokens: 2_000, cacheWrite1hTokens: 0 };
  const usage = usageOf(price, { ...input, outputTokens: 400 });
  return {
    async send() {
      await new Promise(setImmediate);
      return { kind: 'reply', content: [], stopReason: 'tool_use', usage, durationMs: 1 };
    },
  };
}
