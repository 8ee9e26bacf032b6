// Reads a step's output as the runner does: `::command::` lines, secrets hidden, and the switch that turns commands off.

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** `title`, `file`, `line` and so on, as given. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface CommandReader {
  /** Takes one line of output and returns it with secrets hidden. */
  take(line: string): string;
  readonly annotations: readonly Annotation[];
  /** Values that the step asked to hide. */
  readonly masks: readonly string[];
  hide(text: string): string;
}

const ANNOTATING = ['error', 'warning', 'notice'] as const;
/** Commands that the runner knows; a line with another name is plain text. */
const KNOWN = [...ANNOTATING, 'add-mask', 'stop-commands', 'group', 'endgroup', 'debug', 'echo', 'add-matcher'].concat([
  'remove-matcher',
  'set-output',
  'save-state',
  'set-env',
  'add-path',
]);

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** @param secrets values hidden from the start: the runner hides the job's token. */
export function createCommandReader(secrets: readonly string[]): CommandReader {
  const hidden = new Set(secrets.filter(Boolean));
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  let resumeToken: string | null = null;
  const hide = (text: string): string => [...hidden].reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  const run = ({ name, properties, data }: Command): void => {
    const level = ANNOTATING.find((one) => one === name);
    if (level !== undefined) annotations.push({ level, message: hide(data), properties });
    else if (name === 'stop-commands') resumeToken = data;
    else if (name === 'add-mask') {
      masks.push(data);
      for (const part of [data, ...data.split(/\r?\n/)]) if (part !== '') hidden.add(part);
    } else if (['set-output', 'save-state', 'set-env', 'add-path'].includes(name))
      annotations.push({ level: 'error', message: `The \`${name}\` command is disabled.`, properties: {} });
  };
  return {
    annotations,
    masks,
    hide,
    take(line) {
      if (resumeToken === null) {
        const command = parseCommand(line);
        if (command !== null) run(command);
      } else if (line.trim() === `::${resumeToken}::`) resumeToken = null;
      return hide(line);
    },
  };
}

/** `::name key=value,key=value::data` at the start of a line, or the older `##[name key=value;]data` anywhere in it. */
function parseCommand(line: string): Command | null {
  const current = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/.exec(line);
  const older = /##\[([^\s\]]+)(?:\s+(.*?))?\](.*)$/.exec(line);
  const [, name = '', properties = '', data = ''] = current ?? older ?? [];
  if (!KNOWN.includes(name.toLowerCase())) return null;
  const pairs = properties.split(current === null ? ';' : ',').filter(Boolean);
  const parsed = pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(unescapeProperty));
  return { name: name.toLowerCase(), properties: Object.fromEntries(parsed), data: unescapeData(data) };
}

const unescapeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

const unescapeProperty = (text: string): string => unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
