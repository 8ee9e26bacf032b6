// Mends what models commonly get wrong in the form of arguments, never in their meaning.
import { type JsonSchema, isRecord } from './tool-schema.ts';

/**
 * The value brought nearer to the schema: "3" to 3, "true" to true, a JSON string to the array or object it spells, one
 * item to a list of it, a bare string to the object whose only required field it is, null to absence. What cannot be
 * mended stays as it is, for the schema to refuse.
 */
export function coerceInput(schema: JsonSchema, value: unknown): unknown {
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'array':
      return coerceArray(schema, value);
    case 'object':
      return coerceObject(schema, value);
    default:
      return value;
  }
}

function coerceArray(schema: JsonSchema, value: unknown): unknown {
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  if (parsed === null || parsed === undefined) return value;
  const items: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  const itemSchema = schema['items'];
  return isRecord(itemSchema) ? items.map((item) => coerceInput(itemSchema, item)) : items;
}

function coerceObject(schema: JsonSchema, value: unknown): unknown {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const parsed = typeof value === 'string' ? parseJson(value) : value;
  const only: unknown = required.length === 1 ? required[0] : undefined;
  const fields = typeof parsed === 'string' && typeof only === 'string' ? { [only]: parsed } : parsed;
  const properties = schema['properties'];
  if (!isRecord(fields) || !isRecord(properties)) return value;
  const present = Object.entries(fields).filter(([name, field]) => field !== null || required.includes(name));
  return Object.fromEntries(
    present.map(([name, field]) => {
      const fieldSchema = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, isRecord(fieldSchema) ? coerceInput(fieldSchema, field) : field];
    }),
  );
}

/** The array or object that a string spells; the string itself when it spells none. */
function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
