// The generated tables of README.md and docs/, each as Markdown text.
import { defaultAgents, managerId } from '../src/config/default-agents.ts';
import { inputHelp } from '../src/config/input-help.ts';
import { inputNames } from '../src/config/inputs.ts';
import { configJsonSchema, describeAllowed, type JsonSchema } from '../src/config/json-schema.ts';
import { outputs } from '../src/config/outputs.ts';
import { alwaysProtectedPaths } from '../src/config/protected-paths.ts';
import { publicRegistryHosts } from '../src/config/registry-hosts.ts';
import { catalogue } from '../src/errors.ts';
import { modelTable, PRICE_SOURCES, PRICES_AS_OF, type Rates } from '../src/money/model-table.ts';
import { ruleHelp, type RuleHelp } from '../src/policy/rule-help.ts';

export function inputTable(): string {
  const rows = inputNames.map((name) => {
    const { description, default: fallback, key } = inputHelp(name);
    return [code(name), description, code(fallback), code(key ?? '')];
  });
  return table(['Input', 'What it does', 'Default', 'Overrides'], rows);
}

export function outputTable(): string {
  return table(
    ['Output', 'What it holds'],
    Object.entries(outputs).map(([name, description]) => [code(name), description]),
  );
}

/** One row for each option that holds a value; `{id}` and `{model}` stand for names of the user's own. */
export function optionTable(): string {
  return table(['Key', 'What it does', 'Allowed', 'Default'], optionRows(configJsonSchema(), ''));
}

function optionRows(node: JsonSchema, prefix: string): readonly (readonly string[])[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    if (typeof child === 'boolean') return [];
    const path = prefix + key;
    if (child.properties !== undefined) return optionRows(child, `${path}.`);
    const entries = child.additionalProperties;
    const row = [code(path), child.description ?? '', describeAllowed(child), defaultOf(child)];
    if (typeof entries !== 'object') return [row];
    return [row, ...optionRows(entries, `${path}.{${key === 'prices' ? 'model' : 'id'}}.`)];
  });
}

const defaultOf = ({ default: value }: JsonSchema): string =>
  value === undefined || JSON.stringify(value) === '{}' ? '' : code(JSON.stringify(value));

export function roleTable(): string {
  const rows = Object.entries(defaultAgents).map(([id, { specialties, instructions }]) => [
    code(id) + (id === managerId ? ' (plans)' : ''),
    specialties.join(', '),
    instructions,
  ]);
  return table(['Agent', 'Specialties', 'Instructions'], rows);
}

export const protectedPathList = (): string => codeList(alwaysProtectedPaths);

export const registryHostList = (): string => codeList(publicRegistryHosts);

const codeList = (items: readonly string[]): string => items.map((item) => `- ${code(item)}`).join('\n');

/** What the diff policy looks for: first what keeps a change from being published, then what makes a draft of it. */
export function ruleTable(): string {
  const rows = (does: RuleHelp['does']) =>
    Object.entries(ruleHelp).flatMap(([rule, help]) => (help.does === does ? [[code(rule), does, help.finds]] : []));
  return table(['Rule', 'It', 'What it looks for'], [...rows('blocks'), ...rows('flags')]);
}

/** Models with a known price, in US dollars per million tokens, with the day and the sources of the numbers. */
export function modelPrices(): string {
  const cells = ({ input, output, cacheRead, cacheWrite5m }: Rates): readonly string[] =>
    [input, output, cacheRead, cacheWrite5m].map((nanoUsdPerToken) => String(nanoUsdPerToken / 1_000));
  const rows = modelTable.flatMap(({ model, rates, longPrompt, validUntil }) => [
    [validUntil === null ? code(model) : `${code(model)}, before ${validUntil}`, ...cells(rates)],
    ...(longPrompt === null
      ? []
      : [[`${code(model)}, input above ${longPrompt.aboveTokens} tokens`, ...cells(longPrompt.rates)]]),
  ]);
  const sources = PRICE_SOURCES.map((url) => `<${url}>`).join(', ');
  return `${table(['Model', 'Input', 'Output', 'Cache read', 'Cache write'], rows)}\n\nAs of ${PRICES_AS_OF}; from ${sources}.`;
}

/** Every error with a heading to link to; facts that a message is given stand as `<fact>`. */
export function errorTable(): string {
  const facts = new Proxy<Record<string, string>>({}, { get: (_, fact) => `<${String(fact)}>` });
  const rows = Object.entries(catalogue).map(
    ([id, { message, hint }]) =>
      `## ${id}\n\n> ${message(facts).replaceAll('<', '\\<').replaceAll('\n', ' ')}\n\n${hint}`,
  );
  return rows.join('\n\n');
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
