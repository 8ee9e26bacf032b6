// The JSON schema that a model sees, made from the zod schema that judges its input.
import * as z from 'zod/mini';

export type JsonSchema = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The schema as JSON schema, without keywords that only cost tokens, and with `required` before `properties` (models
 * follow it better so: https://forgecode.dev/blog/benchmarks-dont-matter/). Key order is fixed: the bytes are cached.
 */
export function toInputSchema(schema: z.ZodMiniObject): JsonSchema {
  return ordered(z.toJSONSchema(schema));
}

function ordered(schema: JsonSchema): JsonSchema {
  const { type, description, enum: values, required, properties, items, additionalProperties } = schema;
  const parts: [string, unknown][] = [
    ['type', type],
    ['description', description],
    ['enum', values],
    ['required', required],
    ['properties', isRecord(properties) ? mapValues(properties) : undefined],
    ['additionalProperties', additionalProperties],
    ['items', isRecord(items) ? ordered(items) : undefined],
  ];
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}

function mapValues(properties: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isRecord(value) ? ordered(value) : value]),
  );
}
