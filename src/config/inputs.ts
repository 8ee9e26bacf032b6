// Every input of the action and flag of the terminal, once. Those that set an option take words and default from the schema.

/** How the text of an input becomes a value of the configuration. */
type Reading = 'text' | 'number' | 'checks';

interface ConfigInput {
  /** Dotted place in the configuration that it sets. */
  readonly key: string;
  readonly reading: Reading;
  /** What the word `none` stands for; without it the word has no meaning of its own. */
  readonly none?: null | '' | readonly [];
  /** Said after the option's own description. */
  readonly note?: string;
}

interface EntryInput {
  readonly key: null;
  readonly description: string;
  readonly default?: string;
  /** Its value is a secret: registered for redaction before anything is written. */
  readonly secret?: true;
}

type Input = ConfigInput | EntryInput;

/** Inputs by name, in the order in which people meet them. All are optional; blank means not given. */
export const inputs = {
  'anthropic-api-key': {
    key: null,
    secret: true,
    description: 'API key of Anthropic. Give it from a secret, never as plain text.',
  },
  'openai-api-key': {
    key: null,
    secret: true,
    description:
      'API key of OpenAI, or of the server named by `base-url` (a local one may need none). Give it from a secret.',
  },
  'github-token': {
    key: null,
    secret: true,
    default: '${{ github.token }}',
    description: 'Token for reading the issue, pushing branches and opening the pull request.',
  },
  'issue-number': {
    key: null,
    description: 'Issue to work on, for `workflow_dispatch`. Other events bring their own.',
  },
  feature: { key: null, description: 'What to build, in words, when there is no issue.' },
  command: {
    key: null,
    default: 'run',
    description:
      '`run`, `plan` to stop after the priced plan, or `stop` to end the run that is at work. Used with `issue-number` and `feature`.',
  },
  job: {
    key: null,
    default: 'both',
    description:
      '`both` builds and publishes. `agent` only builds, needs no `contents: write`, and leaves its result in `result-dir`; `publish`, in another job, checks that again and publishes it, without a model key.',
  },
  'result-dir': {
    key: null,
    description: 'Directory with what the job `agent` left, for the job `publish`.',
  },
  'manifest-sha256': {
    key: null,
    description: 'The output `manifest-sha256` of the job `agent`, for the job `publish`.',
  },
  'api-provider': { key: 'api_provider', reading: 'text' },
  'base-url': { key: 'base_url', reading: 'text' },
  model: { key: 'model', reading: 'text' },
  'max-iterations': { key: 'coordination.max_iterations', reading: 'number' },
  'max-parallel': { key: 'coordination.max_parallel', reading: 'number' },
  'cost-limit-usd': { key: 'limits.cost_limit_usd', reading: 'number', none: null },
  'max-cost-per-task-usd': { key: 'limits.max_cost_per_task_usd', reading: 'number', none: null },
  'daily-cost-limit-usd': { key: 'limits.daily_cost_limit_usd', reading: 'number', none: null },
  'daily-cost-limit-per-person-usd': {
    key: 'limits.daily_cost_limit_per_person_usd',
    reading: 'number',
    none: null,
  },
  'token-budget': { key: 'limits.token_budget', reading: 'number', none: null },
  'max-api-calls': { key: 'limits.max_api_calls', reading: 'number', none: null },
  'timeout-minutes': { key: 'limits.timeout_minutes', reading: 'number', none: null },
  'setup-command': { key: 'setup_command', reading: 'text', none: '' },
  checks: { key: 'checks', reading: 'checks', none: [], note: 'One `name: command` a line.' },
  sandbox: {
    key: null,
    description:
      'What keeps commands in: `auto`, `namespaces` or `bubblewrap`; overrides `sandbox.backend`. At a terminal also `off`, ' +
      'for a local repository only: commands then run with your own rights.',
  },
  label: { key: 'label', reading: 'text' },
  'base-branch': { key: 'base_branch', reading: 'text' },
  'branch-prefix': { key: 'branch_prefix', reading: 'text' },
  'report-transcript': { key: 'report.transcript', reading: 'text' },
  config: {
    key: null,
    description:
      'Path of the configuration file in the repository. Default: `orchestrator-config.json` or ' +
      '`.ai-agents/orchestrator-config.json`, when there is one.',
  },
  'project-dir': { key: null, default: '.', description: 'Directory of the checked-out repository.' },
  'anthropic-base-url': {
    key: null,
    description: "Older name of `base-url`, for Anthropic's API only.",
  },
} as const satisfies Record<string, Input>;

export type InputName = keyof typeof inputs;

/** Texts of inputs by name; absent or blank means not given. */
export type InputTexts = Readonly<Partial<Record<InputName, string>>>;

/** An option that an input sets. */
export interface InputSetting {
  readonly input: InputName;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Names of all inputs, in order. */
export const inputNames = Object.keys(inputs).filter((name): name is InputName => name in inputs);

/** The definition of an input, with all fields readable whatever its kind. */
export function inputDefinition(name: InputName): Input {
  return inputs[name];
}

/** The options that the given inputs set. Values are not judged here; an unreadable number stays the text it was. */
export function settingsOf(texts: InputTexts): readonly InputSetting[] {
  return inputNames.flatMap((input) => {
    const definition = inputDefinition(input);
    const text = (texts[input] ?? '').trim();
    if (definition.key === null || text === '') return [];
    const none = text.toLowerCase() === 'none' ? definition.none : undefined;
    return [
      { input, path: definition.key.split('.'), value: none === undefined ? read(text, definition.reading) : none },
    ];
  });
}

function read(text: string, reading: Reading): unknown {
  switch (reading) {
    case 'text':
      return text;
    case 'checks':
      return text.split('\n').flatMap(readCheck);
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text;
  }
}

/** `unit: npm test` -> name and command. A line without a name is named after its command; an empty one is nothing. */
function readCheck(line: string): readonly { readonly name: string; readonly command: string }[] {
  const text = line.trim();
  if (text === '') return [];
  const [, name = text.replaceAll(':', ' ').slice(0, 50), command = text] =
    /^([^\s:][^:]*?)\s*:\s+(.+)$/.exec(text) ?? [];
  return [{ name, command }];
}
