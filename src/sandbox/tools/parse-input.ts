// Judges a tool's arguments and says what is wrong with them in words a model can act on.
import type * as z from 'zod/mini';
import '../../schema-messages.ts';
import { coerceInput } from './coerce-input.ts';
import { type JsonSchema, isRecord } from './tool-schema.ts';

export type ParsedInput<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** Parses after gentle coercion. The message names each field, the type expected and what was received. */
export function parseInput<Schema extends z.ZodMiniObject>(
  tool: string,
  schema: Schema,
  jsonSchema: JsonSchema,
  input: unknown,
): ParsedInput<z.infer<Schema>> {
  const coerced = coerceInput(jsonSchema, input);
  const parsed = schema.safeParse(coerced);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map((issue) => `- ${describe(issue, coerced)}`);
  return {
    ok: false,
    message: [`Invalid arguments for ${tool}:`, ...problems, ...unknownFields(schema, coerced)].join('\n'),
  };
}

function describe(issue: z.core.$ZodIssue, input: unknown): string {
  const value = issue.path.reduce<unknown>(step, input);
  const field = issue.path.length === 0 ? 'the arguments' : `\`${pathName(issue.path)}\``;
  return `${field}: expected ${expectation(issue)}, received ${received(value)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected === 'int' ? 'integer' : issue.expected;
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  return issue.message;
}

function step(value: unknown, key: PropertyKey): unknown {
  if (Array.isArray(value) && typeof key === 'number') return value[key];
  return isRecord(value) && typeof key === 'string' ? value[key] : undefined;
}

const pathName = (path: readonly PropertyKey[]): string =>
  path
    .map((key, index) => (typeof key === 'number' ? `[${String(key)}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');

function received(value: unknown): string {
  if (value === undefined) return 'nothing';
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return `${type} ${JSON.stringify(value).slice(0, 80)}`;
}

function unknownFields(schema: z.ZodMiniObject, input: unknown): readonly string[] {
  if (!isRecord(input)) return [];
  const unknown = Object.keys(input).filter((name) => !Object.hasOwn(schema.shape, name));
  return unknown.length === 0
    ? []
    : [`There is no field ${unknown.join(', ')}; fields: ${Object.keys(schema.shape).join(', ')}.`];
}
