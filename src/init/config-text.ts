// The commented orchestrator-config.json: every option with its description, made from the schema.
import { configJsonSchema, describeAllowed, type JsonSchema } from '../config/json-schema.ts';

/** Options that stand in the file; all others are commented out with their default or an example. */
const active = new Set([
  'model',
  'coordination',
  'coordination.max_parallel',
  'limits',
  'limits.cost_limit_usd',
  'limits.timeout_minutes',
]);

/** Accepted from older files and without effect: not worth a line in a new one. */
const retired = new Set(['$schema', 'project_dir', 'coordination.auto_merge']);

const lineWidth = 100;

/** Text of a configuration that changes nothing: active values are the defaults. @param schemaPath for editors. */
export function configText(schemaPath: string): string {
  return [
    '// Configuration of ai-implement. Every key may be left out; comments and trailing commas are allowed here.',
    '// It is read from the base commit, so a change counts once it is on the branch that runs build on.',
    '{',
    `  "$schema": ${JSON.stringify(schemaPath)},`,
    ...optionLines(configJsonSchema(), '', '  '),
    '}',
    '',
  ].join('\n');
}

function optionLines(node: JsonSchema, prefix: string, indent: string): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const path = prefix + key;
    if (typeof child === 'boolean' || retired.has(path)) return [];
    return ['', ...commentLines(child, indent), ...valueLines(key, path, child, indent)];
  });
}

function commentLines(node: JsonSchema, indent: string): readonly string[] {
  const text = `${node.description ?? ''}${isPlain(node) ? '' : ` Allowed: ${describeAllowed(node)}.`}`;
  return wrap(text, lineWidth - indent.length - 3).map((line) => `${indent}// ${line}`);
}

/** True where the value or example beside it shows well enough what is allowed. */
const isPlain = ({ type, title, enum: values }: JsonSchema): boolean =>
  title !== undefined || (values === undefined && type !== undefined && type !== 'integer' && type !== 'number');

function valueLines(key: string, path: string, node: JsonSchema, indent: string): readonly string[] {
  if (node.properties !== undefined && active.has(path)) {
    const [, ...inner] = optionLines(node, `${path}.`, `${indent}  `);
    return [`${indent}"${key}": {`, ...inner, `${indent}},`];
  }
  const value = JSON.stringify(node.examples?.at(0) ?? node.default, null, 2);
  const lines = `"${key}": ${value},`.split('\n');
  return lines.map((line) => `${indent}${active.has(path) ? '' : '// '}${line}`);
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  // No line begins like JSON: it would be taken for an option that is commented out.
  for (const word of text.split(/ (?!["[\]{}])/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
