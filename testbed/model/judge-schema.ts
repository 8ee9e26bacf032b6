// Refusals that concern the JSON schema of `output_config.format`: only a subset is accepted.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
import { z } from 'zod';

const schemaNode = z.record(z.string(), z.unknown());
type SchemaNode = z.output<typeof schemaNode>;

const UNSUPPORTED = [
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'maxItems', 'uniqueItems', 'contains', 'prefixItems'],
  ...['patternProperties', 'propertyNames', 'minProperties', 'maxProperties', 'dependentSchemas'],
  ...['oneOf', 'not', 'if', 'then', 'else'],
];

/** The first thing in the schema that the service does not take; null when all of it is accepted. */
export function faultInSchema(schema: SchemaNode): string | null {
  const fault = faultInNode(schema, schema, []);
  return fault === null ? null : `output_config.format.schema: ${fault}`;
}

/** @param path references that led here, to find recursion */
function faultInNode(node: SchemaNode, root: SchemaNode, path: readonly string[]): string | null {
  const reference = node['$ref'];
  if (typeof reference === 'string') return faultInReference(reference, root, path);
  const type = String(node['type'] ?? 'schema');
  const unsupported = UNSUPPORTED.filter((key) => key in node);
  if (unsupported.length > 0) return `For '${type}' type, properties ${unsupported.join(', ')} are not supported`;
  const { minItems } = node;
  if (minItems !== undefined && minItems !== 0 && minItems !== 1)
    return `For 'array' type, 'minItems' values other than 0 or 1 are not supported`;
  if ((type === 'object' || 'properties' in node) && node['additionalProperties'] !== false)
    return `For 'object' type, 'additionalProperties' must be explicitly set to false`;
  return firstFault(childrenOf(node), root, path);
}

function faultInReference(reference: string, root: SchemaNode, path: readonly string[]): string | null {
  if (path.includes(reference)) return `Recursive schemas are not supported (${reference})`;
  const target = resolve(reference, root);
  return target === null
    ? `'$ref' must point into this schema: ${reference}`
    : faultInNode(target, root, [...path, reference]);
}

function firstFault(nodes: readonly SchemaNode[], root: SchemaNode, path: readonly string[]): string | null {
  for (const node of nodes) {
    const fault = faultInNode(node, root, path);
    if (fault !== null) return fault;
  }
  return null;
}

function childrenOf(node: SchemaNode): SchemaNode[] {
  const maps = ['properties', '$defs', 'definitions'].flatMap((key) => Object.values(asNode(node[key]) ?? {}));
  const lists = ['anyOf', 'allOf'].flatMap((key): readonly unknown[] => (Array.isArray(node[key]) ? node[key] : []));
  return [...maps, ...lists, node['items']].map(asNode).filter((child) => child !== null);
}

function resolve(reference: string, root: SchemaNode): SchemaNode | null {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return null;
  let node: SchemaNode | null = root;
  for (const key of reference.slice(2).split('/')) node = asNode(node?.[key]);
  return node;
}

function asNode(value: unknown): SchemaNode | null {
  const parsed = schemaNode.safeParse(value);
  return parsed.success ? parsed.data : null;
}
