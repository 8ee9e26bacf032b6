// Random fleets on virtual time: the real ledger and the real askModel, against a model that answers as a plan says. The
// model charges by a price list of its own (charge.ts), so that a ledger that prices wrongly does not agree with it.
import * as fc from 'fast-check';
import { askModel, type AskDeps } from '../../src/agent/ask-model.ts';
import type { RunEvent } from '../../src/events.ts';
import { createLedger, type Ledger } from '../../src/money/ledger.ts';
import type { MoneyLimits, SpentToday } from '../../src/money/ceilings.ts';
import type { ModelPrice } from '../../src/money/model-table.ts';
import type { Purpose } from '../../src/money/slices.ts';
import { addUsage, noUsage } from '../../src/money/usage.ts';
import { usageOfJournal } from '../../src/money/usage-of-journal.ts';
import type { Model, ModelReply, ModelRequest } from '../../src/ports.ts';
import type { Usage } from '../../src/types.ts';
import { charge, type BilledAs } from './charge.ts';

/** One call as it will go. Shares are of what was reserved, from 0 to 1. */
export interface CallPlan {
  /** Bound before anything is counted. */
  readonly inputBytes: number;
  /** Of the bytes; what the service counts. */
  readonly tokenShare: number;
  readonly maxTokens: number;
  readonly inputShare: number;
  readonly outputShare: number;
  readonly billedAs: BilledAs;
  readonly durationMs: number;
  readonly pauseMs: number;
  /** Tries whose replies are lost before the last one. */
  readonly lostTries: number;
  readonly ending: 'reply' | 'failed' | 'refused' | 'crash';
}

export interface FleetPlan {
  readonly prices: readonly ModelPrice[];
  readonly limits: MoneyLimits;
  readonly today: SpentToday;
  readonly planning: readonly CallPlan[];
  readonly agents: readonly { readonly calls: readonly CallPlan[]; readonly expectedNanoUsd: number }[];
  readonly review: readonly CallPlan[];
  /** Milliseconds after which the process is killed, and another one begins on what its journal says; null: never. */
  readonly killedAtMs: number | null;
}

export interface FleetOutcome {
  /** Most of each at any moment, settled and reserved together. */
  readonly most: { readonly nanoUsd: number; readonly tokens: number; readonly calls: number };
  readonly mostOfTask: number;
  /** What the service charged, whatever the ledger says; of what was under way at a kill, all that it may have. */
  readonly charged: Usage;
  readonly spent: Usage;
  readonly waits: number;
  readonly cuts: number;
  readonly counts: number;
  readonly limits: readonly string[];
  readonly ended: number;
  readonly kills: number;
}

/** Timers that run as soon as everything else has. */
function virtualTime() {
  const timers: { readonly at: number; readonly resume: () => void }[] = [];
  let now = 0;
  return {
    sleep: (ms: number) => new Promise<void>((resume) => void timers.push({ at: now + ms, resume })),
    /** Runs until nothing is left to happen, or up to a time: true when something was left then. */
    async run(untilMs: number): Promise<boolean> {
      for (;;) {
        // Everything that can go on without a timer does so first.
        await new Promise(setImmediate);
        timers.sort((a, b) => a.at - b.at);
        const next = timers.shift();
        if (next === undefined) return false;
        if (next.at > untilMs) return true;
        now = next.at;
        next.resume();
      }
    },
  };
}

/** Puts another ledger in the place of the real one: to see that a broken one is found. */
export type AlterLedger = (ledger: Ledger) => Ledger;

/** Drives the fleet to its end, or to where nothing moves any more; a killed one twice, the second time whole. */
export async function runFleet(plan: FleetPlan, alter: AlterLedger = (ledger) => ledger): Promise<FleetOutcome> {
  const first = await runProcess({
    plan,
    alter,
    before: noUsage,
    untilMs: plan.killedAtMs ?? Number.POSITIVE_INFINITY,
  });
  if (!first.killed) return { ...first, kills: 0 };
  const before = usageOfJournal(first.events);
  const second = await runProcess({ plan, alter, before, untilMs: Number.POSITIVE_INFINITY });
  return {
    most: {
      nanoUsd: Math.max(first.most.nanoUsd, second.most.nanoUsd),
      tokens: Math.max(first.most.tokens, second.most.tokens),
      calls: Math.max(first.most.calls, second.most.calls),
    },
    mostOfTask: Math.max(first.mostOfTask, second.mostOfTask),
    charged: addUsage(addUsage(first.charged, first.underWay), second.charged),
    spent: second.spent,
    waits: first.waits + second.waits,
    cuts: first.cuts + second.cuts,
    counts: first.counts + second.counts,
    limits: [...first.limits, ...second.limits],
    ended: second.ended,
    kills: 1,
  };
}

interface FleetProcess {
  readonly plan: FleetPlan;
  readonly alter: AlterLedger;
  /** What the ledger of this process begins with. */
  readonly before: Usage;
  readonly untilMs: number;
}

async function runProcess({ plan, alter, before, untilMs }: FleetProcess) {
  const time = virtualTime();
  const priceOf = (model: string): ModelPrice | null => plan.prices.find((price) => price.model === model) ?? null;
  const real = alter(createLedger({ limits: plan.limits, today: plan.today, priceOf, before }));
  const open = new Map<string, { nanoUsd: number; tokens: number; calls: number; usage: Usage }>();
  const byTask = new Map<string, number>();
  const most = { nanoUsd: 0, tokens: 0, calls: 0 };
  let [charged, waits, cuts, counts, mostOfTask, ended] = [noUsage, 0, 0, 0, 0, 0];
  const limits: string[] = [];
  const events: RunEvent[] = [];

  const look = (): void => {
    const under = [...open.values()];
    const spent = real.spent();
    const tokens = spent.inputTokens + spent.cacheReadTokens + spent.cacheWriteTokens + spent.outputTokens;
    most.nanoUsd = Math.max(most.nanoUsd, spent.costNanoUsd + under.reduce((sum, one) => sum + one.nanoUsd, 0));
    most.tokens = Math.max(most.tokens, tokens + under.reduce((sum, one) => sum + one.tokens, 0));
    most.calls = Math.max(most.calls, spent.requests + under.reduce((sum, one) => sum + one.calls, 0));
  };
  const ledger: Ledger = {
    ...real,
    whenSettled: () => {
      waits += 1;
      return real.whenSettled();
    },
  };
  const emit = (event: RunEvent): void => {
    events.push(event);
    if (event.type !== 'model.asked') return;
    const known = open.get(event.agent) ?? { nanoUsd: 0, tokens: 0, calls: 0, usage: noUsage };
    const worst = { ...noUsage, requests: 1, costNanoUsd: event.reservedNanoUsd };
    open.set(event.agent, {
      nanoUsd: known.nanoUsd + event.reservedNanoUsd,
      tokens: known.tokens + event.reservedTokens,
      calls: known.calls + 1,
      usage: addUsage(known.usage, worst),
    });
    const ofTask = (byTask.get(event.agent) ?? 0) + (open.get(event.agent)?.nanoUsd ?? 0);
    if (event.agent.startsWith('TASK-')) mostOfTask = Math.max(mostOfTask, ofTask);
    look();
  };

  const modelFor = (agent: string, call: CallPlan): Model => ({
    countTokens: async () => {
      counts += 1;
      await time.sleep(3);
      return call.tokenShare === 1 ? null : Math.ceil(call.inputBytes * call.tokenShare);
    },
    async send(request) {
      if (request.maxTokens < call.maxTokens) cuts += 1;
      const answer = await answerOf(request, call, priceOf, time.sleep);
      charged = addUsage(charged, answer.usage);
      byTask.set(agent, (byTask.get(agent) ?? 0) + answer.usage.costNanoUsd);
      open.delete(agent);
      if (answer.reply === null) throw new Error('the caller crashed');
      return answer.reply;
    },
  });

  async function work(agent: string, purpose: Purpose, model: string, calls: readonly CallPlan[]): Promise<void> {
    for (const [i, call] of calls.entries()) {
      const deps: AskDeps = { model: modelFor(agent, call), ledger, reporter: { emit } };
      const asker = { agent, role: 'r', turn: i + 1, purpose };
      const answer = await askModel(requestOf(model, call), call.inputBytes, asker, deps).catch(() => null);
      look();
      if (answer === null) break;
      if (answer.kind === 'limit') {
        limits.push(answer.limit.limit);
        break;
      }
      await time.sleep(call.pauseMs);
    }
    ended += 1;
    ledger.taskEnded(agent);
  }

  const modelOf = (i: number): string => plan.prices[i % plan.prices.length]?.model ?? '';
  const whole = async (): Promise<void> => {
    await work('manager', 'plan', modelOf(0), plan.planning);
    const tasks = plan.agents.map((agent, i) => ({ ...agent, taskId: `TASK-${i}` }));
    ledger.expect(tasks);
    await Promise.all([
      ...tasks.map(({ taskId, calls }, i) => work(taskId, 'task', modelOf(i), calls)),
      work('helper', 'integrate', modelOf(1), plan.review),
    ]);
    await work('reviewer', 'end', modelOf(0), plan.review);
  };
  void whole();
  const killed = await time.run(untilMs);
  const underWay = [...open.values()].reduce((sum, { usage }) => addUsage(sum, usage), noUsage);
  const seen = { most, mostOfTask, charged, spent: real.spent(), waits, cuts, counts, limits, ended };
  return { ...seen, killed, underWay, events };
}

const requestOf = (model: string, { maxTokens }: CallPlan): ModelRequest => ({
  model,
  maxTokens,
  system: '',
  tools: [],
  toolChoice: 'auto',
  messages: [],
  sharedPrefixMessages: 0,
  outputSchema: null,
  effort: 'low',
});

/** What a service does with a request: each try uses at most what was announced for it. `reply` null: the caller dies. */
async function answerOf(
  request: ModelRequest,
  call: CallPlan,
  priceOf: (model: string) => ModelPrice | null,
  sleep: (ms: number) => Promise<void>,
): Promise<{ readonly reply: ModelReply | null; readonly usage: Usage }> {
  const price = priceOf(request.model);
  if (price === null) throw new Error('no price');
  const bound = request.inputUpperTokens ?? 0;
  const lost = charge(price, { input: bound, billedAs: 'dearest', output: request.maxTokens });
  let usage = noUsage;
  for (let i = 0; i < call.lostTries; i++) {
    await sleep(call.durationMs);
    usage = addUsage(usage, lost);
    if (request.reserveAgain?.() !== null) return { reply: failed(usage), usage };
  }
  await sleep(call.durationMs);
  if (call.ending === 'refused') return { reply: failed(usage), usage };
  const input = Math.floor(bound * call.inputShare);
  const output = Math.floor(request.maxTokens * call.outputShare);
  const whole = addUsage(usage, charge(price, { input, billedAs: call.billedAs, output }));
  if (call.ending === 'crash') return { reply: null, usage: whole };
  if (call.ending === 'failed') return { reply: failed(whole), usage: whole };
  const reply: ModelReply = { kind: 'reply', content: [], stopReason: 'end_turn', usage: whole, durationMs: 1 };
  return { reply, usage: whole };
}

const failed = (usage: Usage): ModelReply => ({ kind: 'failed', reason: 'network', message: 'lost', usage });

// ---- any fleet

const share = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));

const longFrom = [100, 20_000, 100_000];

const callPlan: fc.Arbitrary<CallPlan> = fc.record({
  // Just at and over the size from which a prompt is long, too.
  inputBytes: fc.oneof(
    fc.integer({ min: 0, max: 150_000 }),
    fc.constantFrom(...longFrom, ...longFrom.map((n) => n + 1)),
  ),
  tokenShare: fc.constantFrom(1, 0.3, 0.9),
  maxTokens: fc.constantFrom(1, 500, 2_048, 4_000, 16_000, 32_000),
  inputShare: share,
  outputShare: fc.oneof(share, fc.constant(0.03)),
  billedAs: fc.constantFrom('plain', 'written', 'read'),
  durationMs: fc.integer({ min: 0, max: 90 }),
  pauseMs: fc.integer({ min: 0, max: 40 }),
  lostTries: fc.constantFrom(0, 0, 0, 0, 1, 2),
  ending: fc.constantFrom('reply', 'reply', 'reply', 'reply', 'reply', 'failed', 'refused', 'crash'),
});

/** Small ones too: where a token costs one nano-dollar, one nano-dollar too much is one token too much. */
const rate = (max: number): fc.Arbitrary<number> => fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, 1, 2, 3));

const rates = fc.tuple(rate(10_000), rate(50_000), rate(12_500)).map(([input, output, write]) => ({
  input,
  output,
  cacheWrite5m: write,
  cacheWrite1h: 2 * write,
  cacheRead: Math.floor(Math.min(input, write) / 10),
}));

const price = (model: string): fc.Arbitrary<ModelPrice> =>
  fc.tuple(rates, fc.option(fc.constantFrom(...longFrom)), fc.boolean()).map(([base, aboveTokens, mayBeUsOnly]) => ({
    model,
    rates: base,
    longPrompt:
      aboveTokens === null
        ? null
        : {
            aboveTokens,
            rates: { ...base, input: 5 * base.input, output: 5 * base.output, cacheWrite5m: 5 * base.cacheWrite5m },
          },
    contextWindowTokens: 1_000_000,
    maxOutputTokens: 128_000,
    supportsEffort: true,
    mayBeUsOnly,
    supportsOutputSchema: true,
  }));

const calls = (maxLength: number) => fc.array(callPlan, { maxLength });
const usd = fc.oneof(fc.integer({ min: 1, max: 6_000_000_000 }), fc.integer({ min: 1, max: 60_000 }));
const limit = fc.option(usd, { freq: 2 });

/** Up to eight agents, and limits of every kind from one nano-dollar to some dollars. */
export const anyFleet: fc.Arbitrary<FleetPlan> = fc.record({
  prices: fc.tuple(price('a'), price('b')),
  limits: fc.record({
    maxApiCalls: fc.option(fc.integer({ min: 1, max: 40 })),
    tokenBudget: fc.option(fc.integer({ min: 1, max: 800_000 })),
    costLimitNanoUsd: limit,
    maxCostPerTaskNanoUsd: limit,
    dailyCostLimitNanoUsd: limit,
    dailyCostLimitPerPersonNanoUsd: limit,
  }),
  today: fc.record({
    repositoryNanoUsd: fc.integer({ min: 0, max: 2e9 }),
    personNanoUsd: fc.integer({ min: 0, max: 1e9 }),
  }),
  planning: calls(2),
  agents: fc.array(fc.record({ calls: calls(6), expectedNanoUsd: fc.integer({ min: 0, max: 2e9 }) }), { maxLength: 8 }),
  review: calls(2),
  killedAtMs: fc.option(fc.integer({ min: 0, max: 400 }), { freq: 3 }),
});
