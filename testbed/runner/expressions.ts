// Values of a parsed workflow, with their expressions evaluated by GitHub's own evaluator.
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } from '@actions/workflow-parser';
import type { WorkflowTemplate } from '@actions/workflow-parser';

/** A node of a parsed workflow. */
export type Token = WorkflowTemplate['env'];

/** Contexts by name: `github`, `inputs`, `needs`, `steps` and so on. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What `success()`, `failure()` and `cancelled()` answer. */
export interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

const sound: Status = { success: true, failure: false, cancelled: false };

const names = ['github', 'env', 'vars', 'secrets', 'inputs', 'needs', 'strategy', 'matrix', 'steps', 'job', 'runner'];

/** The value of an expression. Throws for one that GitHub would not evaluate, and for `hashFiles`. */
export function evaluate(expression: string, contexts: Contexts, status: Status = sound): unknown {
  const functions = functionsOf(status);
  const tree = new Parser(new Lexer(expression).lex().tokens, names, [...functions.values()]).parse();
  const all = Object.fromEntries(names.map((name) => [name, contexts[name] ?? {}]));
  const values: unknown = JSON.parse(JSON.stringify(all), data.reviver);
  if (!(values instanceof data.Dictionary)) throw new Error('the contexts are no object');
  return JSON.parse(JSON.stringify(new Evaluator(tree, values, functions).evaluate(), data.replacer) ?? 'null');
}

function functionsOf({ success, failure, cancelled }: Status) {
  const answers = { always: true, success, failure, cancelled };
  const answering = Object.entries(answers).map(([name, value]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  }));
  const refused = {
    ...{ name: 'hashFiles', minArgs: 1, maxArgs: 255 },
    call: () => {
      throw new Error('hashFiles() is not modelled');
    },
  };
  return new Map([...answering, refused].map((one) => [one.name.toLowerCase(), one]));
}

/** As an `if:` takes it. */
export const isTruthy = (value: unknown): boolean =>
  !(value === null || value === undefined || value === false || value === '' || value === 0 || Number.isNaN(value));

/** The plain value of a node; undefined for none. */
export function valueOf(token: Token | undefined, contexts: Contexts): unknown {
  if (token === undefined) return undefined;
  if (isBasicExpression(token)) return evaluate(token.expression, contexts);
  if (isSequence(token)) return Array.from({ length: token.count }, (_none, i) => valueOf(token.get(i), contexts));
  if (isMapping(token)) {
    const pairs = [...fields(token)].map(([key, value]) => [key, valueOf(value, contexts)]);
    return Object.fromEntries(pairs);
  }
  return isString(token) || isNumber(token) || isBoolean(token) ? token.value : null;
}

/** The nodes of a mapping by key; none for any other node. */
export function fields(token: Token | undefined): ReadonlyMap<string, Token> {
  if (token === undefined || !isMapping(token)) return new Map();
  const pairs = Array.from({ length: token.count }, (_none, i) => token.get(i));
  return new Map(pairs.map(({ key, value }) => [isString(key) ? key.value : key.toString(), value]));
}

/** The nodes of a list; none for any other node. */
export const items = (token: Token | undefined): readonly Token[] =>
  token !== undefined && isSequence(token) ? Array.from({ length: token.count }, (_none, i) => token.get(i)) : [];

/** A mapping of texts, as `with:` and `env:` are; numbers and switches become text. */
export function textsOf(token: Token | undefined, contexts: Contexts): Readonly<Record<string, string>> {
  const pairs = [...fields(token)].map(([key, value]) => [key, textOf(valueOf(value, contexts))]);
  return Object.fromEntries(pairs);
}

export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
