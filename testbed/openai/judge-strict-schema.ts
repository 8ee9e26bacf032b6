// Refusals that concern a strict schema: objects are closed, and every property is required.
// https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas
import { z } from 'zod';

const node = z.record(z.string(), z.unknown());
type Node = z.output<typeof node>;

/** The first thing in the schema that strict mode does not take; null when all of it is accepted. */
export function faultInStrictSchema(schema: Node, context = '()'): string | null {
  const properties = node.safeParse(schema['properties']).data ?? {};
  const isObject = schema['type'] === 'object' || 'properties' in schema;
  if (isObject && schema['additionalProperties'] !== false)
    return `In context=${context}, 'additionalProperties' is required to be supplied and to be false.`;
  const required = z.array(z.string()).safeParse(schema['required']).data ?? [];
  const missing = Object.keys(properties).find((name) => !required.includes(name));
  if (isObject && missing !== undefined)
    return `In context=${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  const children: (readonly [string, unknown])[] = [
    ...Object.entries(properties),
    ...Object.entries(node.safeParse(schema['$defs']).data ?? {}),
    ...listOf(schema['anyOf']).map((one, index) => [`anyOf ${index}`, one] as const),
    ['items', schema['items']],
  ];
  for (const [name, child] of children) {
    const parsed = node.safeParse(child);
    const fault = parsed.success ? faultInStrictSchema(parsed.data, `('${name}')`) : null;
    if (fault !== null) return fault;
  }
  return null;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
