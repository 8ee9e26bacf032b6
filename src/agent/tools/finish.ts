// Tool `finish`: how an agent ends its task. What it says is a claim; the orchestrator checks it.
import * as z from 'zod/mini';
import { limitText } from '../limit-text.ts';
import { type ParsedInput, parseInput } from '../../sandbox/tools/parse-input.ts';
import { toInputSchema } from '../../sandbox/tools/tool-schema.ts';

const schema = z.object({
  status: z.enum(['done', 'blocked', 'needs_split']),
  summary: z.string().check(z.describe('what changed and why, or what stands in the way')),
  tests_run: z.array(z.string()).check(z.describe('commands you ran to verify')),
  notes_for_dependents: z.string().check(z.describe('what later tasks must know; may be empty')),
  question: z.optional(z.string()).check(z.describe('blocked: the one question; needs_split: the parts')),
});

export type FinishInput = z.infer<typeof schema>;

export const finishDefinition = {
  name: 'finish',
  description:
    'End the task. Put it last in the reply that runs the final check: it counts only when all before it in that reply ' +
    'succeeded (exit code 0). The acceptance commands are then run; if one fails, the task comes back to you.',
  inputSchema: toInputSchema(schema),
};

/** Commands that a report may name, and characters of each. */
const maxTests = 20;
const maxTestText = 200;

/** The report of a call, its texts cut to what anybody reads, or what is wrong with its arguments in words for the model. */
export function readFinishInput(input: unknown): ParsedInput<FinishInput> {
  const parsed = parseInput(finishDefinition.name, schema, finishDefinition.inputSchema, input);
  if (!parsed.ok) return parsed;
  const { status, summary, tests_run: tests, notes_for_dependents: notes, question } = parsed.value;
  const value: FinishInput = {
    status,
    summary: limitText(summary),
    tests_run: tests.slice(0, maxTests).map((test) => limitText(test, maxTestText)),
    notes_for_dependents: limitText(notes),
    ...(question === undefined ? {} : { question: limitText(question) }),
  };
  return { ok: true, value };
}
