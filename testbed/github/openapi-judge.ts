// Holds requests, answers and webhook payloads against the cut of GitHub's own OpenAPI description.
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { default as addFormats } from 'ajv-formats';
import { fieldsOf } from './calls.ts';
import type { Judge } from './types.ts';

type Node = Readonly<Record<string, unknown>>;

export interface OpenApiJudge extends Judge {
  /** `name` as in the description: `issues-labeled`. */
  webhook(name: string, payload: unknown): readonly string[];
}

/**
 * Reads openapi-cut.json (made by scripts/cut-openapi.mjs) and compiles each schema at its first use. An operation
 * that is not in the cut throws.
 */
export function createOpenApiJudge(): OpenApiJudge {
  const cut = fieldsOf(JSON.parse(readFileSync(new URL('./openapi-cut.json', import.meta.url), 'utf8')));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'github', components: toJsonSchema(cut['components']) });
  const compiled = new Map<string, ValidateFunction>();
  const check = (key: string, described: unknown, value: unknown): readonly string[] => {
    const schema = jsonSchemaOf(described);
    if (schema === undefined) return value === undefined ? [] : ['a body where none is described'];
    const validate = compiled.get(key) ?? ajv.compile(fieldsOf(toJsonSchema(schema)));
    compiled.set(key, validate);
    return validate(value) ? [] : problemsOf(validate);
  };
  const operation = (name: string): Node => {
    const described = fieldsOf(cut['operations'])[name];
    if (described === undefined) throw new Error(`${name} is not in openapi-cut.json`);
    return fieldsOf(described);
  };
  return {
    request(name, body) {
      const described = operation(name)['requestBody'];
      return described === undefined ? [] : check(`${name} request`, described, body);
    },
    response(name, status, body) {
      const responses = fieldsOf(operation(name)['responses']);
      const described = responses[String(status)];
      if (described === undefined) return [`the status is not among ${Object.keys(responses).join(', ')}`];
      return check(`${name} ${String(status)}`, resolve(cut, described), body);
    },
    webhook: (name, payload) => check(`webhook ${name}`, fieldsOf(cut['webhooks'])[name], payload),
  };
}

function resolve(cut: Node, described: unknown): unknown {
  const reference = fieldsOf(described)['$ref'];
  if (typeof reference !== 'string') return described;
  const names = reference.slice('#/'.length).split('/');
  return names.reduce<unknown>((value, name) => fieldsOf(value)[name], cut);
}

function jsonSchemaOf(described: unknown): unknown {
  const content = fieldsOf(fieldsOf(described)['content']);
  const media = content['application/json'] ?? Object.values(content)[0];
  return media === undefined ? undefined : fieldsOf(media)['schema'];
}

/** OpenAPI 3.0 says `nullable: true` where JSON schema has a null type; references go to the one registered schema. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, inner]) => key !== 'nullable' || typeof inner !== 'boolean');
  const schema = Object.fromEntries(
    entries.map(([key, inner]) => [key, key === '$ref' ? `github${String(inner)}` : toJsonSchema(inner)]),
  );
  return 'nullable' in value && value.nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

const problemsOf = (validate: ValidateFunction): readonly string[] =>
  (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? error.keyword}`);
