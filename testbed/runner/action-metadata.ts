// What action.yml says: which file to run, and the inputs with their defaults.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface ActionMetadata {
  /** Absolute path of the file to run. */
  readonly main: string;
  /** `node24` and the like. */
  readonly using: string;
  /** Default by input name; an input without one has the empty string. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** Reads `action.yml` of a directory. Throws for an action that is not a JavaScript action. */
export async function readActionMetadata(directory: string): Promise<ActionMetadata> {
  const action: unknown = parse(await readFile(join(directory, 'action.yml'), 'utf8'));
  const using = member(member(action, 'runs'), 'using');
  const main = member(member(action, 'runs'), 'main');
  if (typeof using !== 'string' || !using.startsWith('node') || typeof main !== 'string')
    throw new Error(`${directory} does not hold a JavaScript action.`);
  const inputs = Object.entries(fieldsOf(member(action, 'inputs')));
  const defaults = inputs.map(([name, input]) => [name, String(member(input, 'default') ?? '')]);
  return { main: join(directory, main), using, defaults: Object.fromEntries(defaults) };
}

/**
 * The environment of the inputs: every declared one, with its default where nothing is given. Names are upper-cased,
 * blanks become `_`, hyphens stay. The only expression that a default may hold here is `github.token`.
 */
export function inputEnvironment(
  metadata: ActionMetadata,
  given: Readonly<Record<string, string>>,
  token: string,
): Readonly<Record<string, string>> {
  const values = { ...metadata.defaults, ...given };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      name in given ? value : evaluateDefault(name, value, token),
    ]),
  );
}

function evaluateDefault(name: string, value: string, token: string): string {
  return value.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (expression === 'github.token') return token;
    throw new Error(`The default of input ${name} has an expression this runner does not know: ${expression}`);
  });
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const member = (value: unknown, name: string): unknown => fieldsOf(value)[name];
