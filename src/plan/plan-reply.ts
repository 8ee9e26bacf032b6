// What the manager answers, as a schema: keys as users know them (task_id, assigned_to, affected_agents).
import * as z from 'zod';
import { ownedGlobs } from './owned-globs.ts';
import { outputSchemaOf, parseReply, type Parsed } from './reply-json.ts';

const text = z.string().describe('plain text');

const replyTask = z.strictObject({
  task_id: z.string().describe('TASK-001, TASK-002, ...'),
  title: z.string().describe('a few words, imperative'),
  description: z
    .string()
    .describe('what to build and how it must behave; the agent sees the request and this, not your thoughts'),
  assigned_to: z.string().describe('id of one of the agents named in the request'),
  dependencies: z.array(z.string()).describe('task ids whose merged result this task needs'),
  owns: z.array(z.string()).describe('globs of all paths this task may create or change, tests included'),
  deliverables: z.array(z.string()),
  acceptance: z.array(z.string()).describe('shell commands that exit 0 only when the task is done; run from the root'),
  estimated_turns: z.number().describe('model turns the agent will need, honestly'),
});

/** Shape of the manager's reply. Judging its meaning is judge-plan's job. */
export const planReplySchema = z.strictObject({
  summary: text.describe('one or two sentences: what will be done'),
  kind: z.enum(['feature', 'bug-fix', 'refactor', 'rename', 'migration', 'tests', 'documentation', 'other']),
  tasks: z.array(replyTask),
  decisions: z.array(
    z.strictObject({
      decision: text,
      rationale: text,
      affected_agents: z.array(z.string()),
    }),
  ),
  contract: z
    .strictObject({
      summary: text.describe('the interface the tasks share'),
      files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
    })
    .nullable()
    .describe(
      'only for parallel tasks with a shared interface: small files (types, API description) committed before they start; null otherwise',
    ),
});

export type PlanReply = z.infer<typeof planReplySchema>;
export type ReplyTask = PlanReply['tasks'][number];

/** The JSON schema sent as the output format. */
export const planReplyJsonSchema = (): Readonly<Record<string, unknown>> => outputSchemaOf(planReplySchema);

/** Parses the manager's text. `faults` are written for the manager to mend. */
export function parsePlanReply(text: string): Parsed<PlanReply> {
  const parsed = parseReply(planReplySchema, text);
  if (!parsed.ok) return parsed;
  const tasks = parsed.reply.tasks.map((task) => ({ ...task, owns: ownedGlobs(task.owns) }));
  return { ok: true, reply: { ...parsed.reply, tasks } };
}
