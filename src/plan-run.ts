// Planning, wired: the brief, the shared message, the manager, the estimate.
import type { AskDeps } from './agent/ask-model.ts';
import type { Config } from './config/config.ts';
import { limitSentence } from './journal/run-facts.ts';
import { priceTokens } from './money/price-usage.ts';
import type { PriceList } from './money/prices.ts';
import { RunError } from './errors.ts';
import type { Message } from './messages.ts';
import { modelFailure } from './model-failure.ts';
import { buildBrief } from './plan/build-brief.ts';
import { estimatePlan, type TaskRecord } from './plan/estimate-plan.ts';
import { makePlan, type PlanInput } from './plan/make-plan.ts';
import { sharedMessage } from './plan/prompt.ts';
import { createPathMatcher } from './policy/match-paths.ts';
import type { Git } from './ports.ts';
import type { Project } from './prepare-project.ts';
import type { Base } from './trigger/choose-base.ts';
import type { Check, Estimate, Issue, Plan, Task, Trigger } from './types.ts';

export interface PlanRunInput {
  readonly trigger: Pick<Trigger, 'command'>;
  readonly issue: Issue;
  readonly base: Base;
  readonly project: Project;
  readonly config: Config;
  readonly environment: readonly string[];
  readonly nonce: string;
  /** How the set-up failed, in words; null where it did not. */
  readonly setupFault?: string | null;
  /** How the checks stand on the base; null while they still run. */
  readonly baseline: readonly Check[] | null;
  /** Plan of an earlier run that this one goes on from; none is made then. */
  readonly earlierPlan?: Plan | null;
  /** Tasks of earlier runs on this repository, for the estimate. */
  readonly history?: () => Promise<readonly TaskRecord[]>;
}

export type PlannedRun =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly shared: Message }
  | { readonly kind: 'limit'; readonly reason: string }
  /** The run was to end before there was a plan. */
  | { readonly kind: 'stopped' };

export interface PlanRunDeps extends AskDeps {
  readonly git: Git;
  readonly priceOf: PriceList;
  /** Awaited when all is prepared, before anything is asked; what it rejects with ends the planning. */
  readonly beforeAsking?: () => Promise<void>;
}

/** The plan and the message that all agents share. @throws RunError when the model cannot be used */
export async function planRun(input: PlanRunInput, deps: PlanRunDeps): Promise<PlannedRun> {
  const { config, issue, base, project, environment, baseline } = input;
  refuseUnpriced(config, deps.priceOf);
  let history: readonly TaskRecord[] | undefined;
  const brief = await buildBrief(
    {
      ...{ ...project, commit: base.commit, issue, environment, baseline, nonce: input.nonce },
      setupFault: input.setupFault ?? null,
    },
    deps.git,
  );
  const shared = sharedMessage(brief, issue, input.nonce);
  const planInput: PlanInput = {
    issue,
    shared,
    manager: config.manager,
    workers: config.roles,
    limits: config.limits,
    checks: project.checks,
    isProtected: createPathMatcher(config.diffPolicy),
    continues: base.pullRequest !== null,
    mayGoUnplanned: input.trigger.command === 'run',
    editFormat: config.editFormat,
  };
  await deps.beforeAsking?.();
  if (input.earlierPlan) return { kind: 'plan', plan: input.earlierPlan, shared };
  const planned = await makePlan(planInput, {
    ...deps,
    beforeEstimate: async () => {
      history = await input.history?.();
    },
    estimate: (tasks, spentNanoUsd) => estimate(tasks, { config, history, spentNanoUsd }, deps),
  });
  if (planned.kind === 'failed' && planned.reply.reason === 'aborted') return { kind: 'stopped' };
  if (planned.kind === 'failed') throw modelFailure(planned.reply, config.manager.model);
  if (planned.kind === 'plan') return { ...planned, shared };
  return { kind: 'limit', reason: limitSentence(planned.limit) };
}

/** Models that no task of the plan names but that may be called on the way: their cost has to be known before. */
function refuseUnpriced({ manager, roles }: Config, priceOf: PriceList): void {
  const models = [manager.model, ...[manager, ...roles].flatMap(({ fallbackModel }) => fallbackModel ?? [])];
  const model = models.find((name) => priceOf(name) === null);
  if (model !== undefined) throw new RunError('model-unpriced', { model });
}

interface Past {
  readonly config: Config;
  readonly history: readonly TaskRecord[] | undefined;
  readonly spentNanoUsd: number;
}

function estimate(tasks: readonly Task[], { config, history, spentNanoUsd }: Past, { priceOf }: PlanRunDeps): Estimate {
  const roleOf = (id: string) => config.roles.find((role) => role.id === id) ?? config.manager;
  return estimatePlan(tasks, {
    limits: config.limits,
    ...(history === undefined ? {} : { history }),
    spentNanoUsd,
    maxTokensOf: (id) => roleOf(id).maxTokens,
    priceForRole: (id, tokens) => {
      const { model } = roleOf(id);
      const price = priceOf(model);
      if (price === null) throw new RunError('model-unpriced', { model });
      const { cacheWriteTokens, ...rest } = tokens;
      return priceTokens(price, { ...rest, cacheWrite5mTokens: cacheWriteTokens, cacheWrite1hTokens: 0 });
    },
  });
}
