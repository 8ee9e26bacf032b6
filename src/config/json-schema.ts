// The configuration's JSON schema, and what can be read out of it: the node at a path, and in words what it allows.
import * as z from 'zod/mini';
import { configSchema } from './schema.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A place in the configuration: keys and array indexes from the root. */
export type ConfigPath = readonly (string | number)[];

let made: JsonSchema | undefined;

/**
 * JSON schema (draft 2020-12) of what may stand in orchestrator-config.json. Made at the first call.
 * The two `allow...` keys are VS Code's: without them it marks comments in a .json file as errors.
 */
export function configJsonSchema(): JsonSchema {
  made ??= { ...z.toJSONSchema(configSchema, { io: 'input' }), allowComments: true, allowTrailingCommas: true };
  return made;
}

/** The node that describes a place; undefined where the schema has no such place. */
export function schemaAt(path: ConfigPath): JsonSchema | undefined {
  let node: JsonSchema | undefined = configJsonSchema();
  for (const key of path) {
    if (node === undefined) return undefined;
    const parts: JsonSchema = withoutNull(node);
    node = asNode(typeof key === 'number' ? parts.items : (parts.properties?.[key] ?? parts.additionalProperties));
  }
  return node;
}

/** Keys that an object at this place may have; empty where any key is allowed or the place is no object. */
export function keysAt(path: ConfigPath): readonly string[] {
  const node = schemaAt(path);
  return node === undefined ? [] : Object.keys(withoutNull(node).properties ?? {});
}

/** Every place that can be named without inventing an id, as dotted text: `limits.cost_limit_usd`. */
export function namedPaths(node: JsonSchema = configJsonSchema(), prefix = ''): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const child = asNode(value);
    return [prefix + key, ...(child === undefined ? [] : namedPaths(child, `${prefix}${key}.`))];
  });
}

/** What a node allows, in words: `a whole number from 1 to 16`, `a number above 0, or null`. */
export function describeAllowed(node: JsonSchema): string {
  const allowed = withoutNull(node);
  const words = allowed.title ?? describeType(allowed);
  return allowed === node ? words : `${words}, or null`;
}

function describeType(node: JsonSchema): string {
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value)).join(' or ');
  switch (node.type) {
    case 'integer':
      return `a whole number${describeRange(node)}`;
    case 'number':
      return `a number${describeRange(node)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list, each ${describeAllowed(asNode(node.items) ?? {})}`;
    case 'object':
      return describeObject(node);
    default:
      return 'a text';
  }
}

function describeObject(node: JsonSchema): string {
  const keys = Object.keys(node.properties ?? {});
  return keys.length === 0 ? 'an object' : `an object with ${keys.join(', ')}`;
}

function describeRange({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const upper = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${upper === undefined ? '' : `, at most ${upper}`}`;
  if (minimum !== undefined) return upper === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${upper}`;
  return upper === undefined ? '' : ` of at most ${upper}`;
}

/** The branch of a nullable node that is not null; the node itself when it is not nullable. */
function withoutNull(node: JsonSchema): JsonSchema {
  return node.anyOf?.find((branch) => branch.type !== 'null') ?? node;
}

function asNode(value: JsonSchema | boolean | (JsonSchema | boolean)[] | undefined): JsonSchema | undefined {
  return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}
