// What an input does, in words: for action.yml, the README's table and `--help`.
import { type InputName, inputDefinition } from './inputs.ts';
import { describeAllowed, schemaAt } from './json-schema.ts';

export interface InputHelp {
  readonly description: string;
  /** What the input accepts; empty where any text will do. */
  readonly allowed: string;
  /** What holds when the input is blank; empty where nothing does. */
  readonly default: string;
  /** Dotted key of the configuration file that the input overrides; null for inputs without one. */
  readonly key: string | null;
}

/** Words for one input. Those that set an option speak in the schema's words. */
export function inputHelp(name: InputName): InputHelp {
  const definition = inputDefinition(name);
  if (definition.key === null) {
    return { description: definition.description, allowed: '', default: definition.default ?? '', key: null };
  }
  const { key, reading, note } = definition;
  const node = schemaAt(key.split('.')) ?? {};
  const words = (node.description ?? '').replace(/`(?:null|""|\[\])`/, '`none`');
  const allowed = describeAllowed(node);
  return {
    description: note === undefined ? words : `${words} ${note}`,
    allowed: reading === 'checks' || allowed === 'a text' ? '' : allowed.replace(/null$/, 'none'),
    default: node.default === undefined ? '' : String(node.default ?? 'none'),
    key,
  };
}
