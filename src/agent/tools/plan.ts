// Tool `plan`: the agent's own list of steps. The orchestrator only shows it.
import * as z from 'zod/mini';
import { limitText } from '../limit-text.ts';
import { type ParsedInput, parseInput } from '../../sandbox/tools/parse-input.ts';
import { toInputSchema } from '../../sandbox/tools/tool-schema.ts';

const schema = z.object({
  items: z.array(z.object({ text: z.string(), status: z.enum(['pending', 'in_progress', 'done']) })),
});

export type PlanInput = z.infer<typeof schema>;

export const planDefinition = {
  name: 'plan',
  description: 'Keep your list of steps, whole each time. Worth it for work of more than about ten turns.',
  inputSchema: toInputSchema(schema),
};

/** Steps that are kept, and characters of each: they are shown to people while the agent works. */
const maxSteps = 50;
const maxStepText = 200;

/** The steps of a call, or what is wrong with its arguments in words for the model. */
export function readPlanInput(input: unknown): ParsedInput<PlanInput> {
  const parsed = parseInput(planDefinition.name, schema, planDefinition.inputSchema, input);
  if (!parsed.ok) return parsed;
  const items = parsed.value.items.slice(0, maxSteps);
  return {
    ok: true,
    value: { items: items.map(({ text, status }) => ({ text: limitText(text, maxStepText), status })) },
  };
}
