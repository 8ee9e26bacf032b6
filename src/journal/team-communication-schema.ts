// The shape of `team-communication.json`, as it is published. Apart from the writing of it: no run needs the schema.
import * as z from 'zod/mini';

const status = z.enum(['waiting', 'running', 'merging', 'completed', 'failed', 'skipped', 'partial']);

const activeTask = z.strictObject({
  task_id: z.string(),
  description: z.string(),
  assigned_to: z.string().check(z.describe('Agent that owns the task')),
  status,
  branch: z.nullable(z.string()),
  dependencies: z.array(z.string()).check(z.describe('Tasks that are integrated before this one starts')),
  deliverables: z.array(z.string()),
});

const agentUpdate = z.strictObject({
  agent_id: z.string(),
  task_id: z.string(),
  status,
  progress: z
    .int()
    .check(
      z.gte(0),
      z.lte(100),
      z.describe('Percent by status: 0 waiting, 50 at work, 90 done but not integrated, 100 over'),
    ),
  branch: z.string(),
  commit: z.nullable(z.string()),
  files_modified: z.array(z.string()).check(z.describe('As git has them, not as the agent says')),
  test_results: z
    .nullable(z.string())
    .check(z.describe('Acceptance commands as the orchestrator ran them; null when none ran')),
  blockers: z
    .array(z.string())
    .check(
      z.describe(
        'Why a task is not done, what it asks of people, and what the manager was asked; empty once it is done',
      ),
    ),
  claimed_summary: z.nullable(z.string()).check(z.describe("The agent's own words, not verified")),
});

const integrationRequest = z.strictObject({
  task_id: z.string(),
  branch: z.string(),
  status: z.enum(['pending', 'merged', 'refused']),
  commit: z.nullable(z.string()),
  returns: z.array(z.strictObject({ reason: z.enum(['conflict', 'broken-check']), detail: z.string() })),
});

/** The file's shape; the published JSON schema is made from it. */
export const teamCommunicationSchema = z.strictObject({
  last_updated: z.iso.datetime(),
  run_id: z.string(),
  current_feature: z.string(),
  manager_instructions: z.strictObject({
    current_focus: z.string(),
    active_tasks: z.array(activeTask).check(z.describe('All tasks of the plan, whatever their status')),
    decisions: z.array(
      z.strictObject({ decision: z.string(), rationale: z.string(), affected_agents: z.array(z.string()) }),
    ),
  }),
  agent_updates: z.array(agentUpdate).check(z.describe('One entry a task that was started, newest state')),
  integration_requests: z.array(integrationRequest).check(z.describe('One entry a task whose work was handed in')),
});

export type TeamCommunication = z.infer<typeof teamCommunicationSchema>;

/** JSON schema (draft 2020-12) of the file, as published in `schema/team-communication.schema.json`. */
export function teamCommunicationJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'team-communication.json',
    description: 'State of a run of ai-implement, for agents and people to read. The orchestrator is its only writer.',
    ...z.toJSONSchema(teamCommunicationSchema),
  };
}
