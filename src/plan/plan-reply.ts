// What the manager answers, as a schema: keys as users know them (task_id, assigned_to, affected_agents).
import * as z from 'zod/mini';
import { ownedGlobs } from './owned-globs.ts';
import { outputSchemaOf, parseReply, type Parsed } from './reply-json.ts';

const text = z.string().check(z.describe('plain text'));

/** What is asked of each task. Output tokens are the dear ones: whatever stands in the brief is not asked for again. */
const askedTask = z.strictObject({
  task_id: z.string().check(z.describe('TASK-001, TASK-002, ...')),
  title: z.string().check(z.describe('a few words, imperative')),
  description: z.string().check(z.describe('only what is not obvious from the above; the agent sees that too')),
  assigned_to: z.string().check(z.describe('id of one of the agents')),
  dependencies: z.array(z.string()).check(z.describe('task ids whose merged result this task needs')),
  owns: z.array(z.string()).check(z.describe('globs of all paths this task may create or change, tests included')),
  acceptance: z
    .array(z.string())
    .check(z.describe('shell commands that exit 0 only when the task is done; run from the root')),
  estimated_turns: z.number().check(z.describe('model turns the agent will need; usually 3 to 8')),
});

const planShape = {
  summary: text.check(z.describe('one or two sentences: what will be done')),
  kind: z.enum(['feature', 'bug-fix', 'refactor', 'rename', 'migration', 'tests', 'documentation', 'other']),
  decisions: z.array(
    z.strictObject({
      decision: text,
      rationale: text,
      affected_agents: z.array(z.string()),
    }),
  ),
  contract: z
    .nullable(
      z.strictObject({
        summary: text.check(z.describe('the interface the tasks share')),
        files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
      }),
    )
    .check(
      z.describe(
        'only for parallel tasks with a shared interface: small files (types, API description) committed before they start; null otherwise',
      ),
    ),
};

const askedSchema = z.strictObject({ ...planShape, tasks: z.array(askedTask) });

/** Shape of the manager's reply. Judging its meaning is judge-plan's job. `deliverables` is taken but not asked for. */
export const planReplySchema = z.strictObject({
  ...planShape,
  tasks: z.array(z.extend(askedTask, { deliverables: z._default(z.array(z.string()), []) })),
});

export type PlanReply = z.infer<typeof planReplySchema>;
export type ReplyTask = PlanReply['tasks'][number];

/** The JSON schema sent as the output format. */
export const planReplyJsonSchema = (): Readonly<Record<string, unknown>> => outputSchemaOf(askedSchema);

/** Parses the manager's text. `faults` are written for the manager to mend. */
export function parsePlanReply(text: string): Parsed<PlanReply> {
  const parsed = parseReply(planReplySchema, text);
  if (!parsed.ok) return parsed;
  const tasks = parsed.reply.tasks.map((task) => ({ ...task, owns: ownedGlobs(task.owns) }));
  return { ok: true, reply: { ...parsed.reply, tasks } };
}
