// The options of `limits`: what a run, a day and a command may take.
import * as z from 'zod/mini';

const runCount = z.nullable(z.int().check(z.gte(1), z.lte(10_000)));

const usdLimit = z.nullable(z.number().check(z.gt(0), z.lte(100_000)));

export const limitsSchema = z.strictObject({
  cost_limit_usd: z
    ._default(usdLimit, 5)
    .check(z.describe('Most US dollars one run may spend on model calls, all agents together. `null`: no limit.')),
  max_cost_per_task_usd: z
    ._default(usdLimit, null)
    .check(
      z.describe(
        'Most US dollars one task may spend; it ends then, with its work kept, and the others go on. `null`: no limit.',
      ),
    ),
  daily_cost_limit_usd: z
    ._default(usdLimit, null)
    .check(
      z.describe('Most US dollars all runs on the repository may spend on one day (UTC) together. `null`: no limit.'),
    ),
  daily_cost_limit_per_person_usd: z
    ._default(usdLimit, null)
    .check(
      z.describe(
        'Most US dollars the runs that one person starts may spend on one day (UTC) together. `null`: no limit.',
      ),
    ),
  max_runs_per_day: z
    ._default(runCount, 50)
    .check(z.describe('Most runs that may start on the repository on one day (UTC). `null`: no limit.')),
  max_runs_per_person_per_day: z
    ._default(runCount, 20)
    .check(z.describe('Most runs that one person may start on the repository on one day (UTC). `null`: no limit.')),
  token_budget: z
    ._default(z.nullable(z.int().check(z.gte(1))), null)
    .check(z.describe('Most tokens of one run, input (cached or not) and output together. `null`: no limit.')),
  max_api_calls: z
    ._default(z.nullable(z.int().check(z.gte(1))), 300)
    .check(z.describe('Most model calls of one run. `null`: no limit.')),
  timeout_minutes: z
    ._default(z.nullable(z.number().check(z.gt(0), z.lte(1_440))), 60)
    .check(
      z.describe('Most minutes of one run. Keep it below `timeout-minutes` of the workflow job. `null`: no limit.'),
    ),
  check_timeout_minutes: z
    ._default(z.number().check(z.gt(0), z.lte(360)), 10)
    .check(z.describe('Most minutes of one check or of the setup command; it is killed then.')),
});
