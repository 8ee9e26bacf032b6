// The files through which a step speaks to the runner: outputs, environment, path, state, summary.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions: step summaries hold 1 MiB. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

export interface CommandFiles {
  /** `GITHUB_OUTPUT` and its like, each the path of an empty file. */
  readonly environment: Readonly<Record<string, string>>;
  read(): Promise<StepFiles>;
}

export interface StepFiles {
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly summary: string;
  /** What the runner would have failed the step for. */
  readonly errors: readonly string[];
}

const NAMES = ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'] as const;

/** Makes the files in a new directory under `temporary`. */
export async function createCommandFiles(temporary: string): Promise<CommandFiles> {
  const directory = await mkdtemp(join(temporary, '_runner_file_commands-'));
  const path = (name: (typeof NAMES)[number]): string => join(directory, name.toLowerCase());
  for (const name of NAMES) await writeFile(path(name), '');
  return {
    environment: Object.fromEntries(NAMES.map((name) => [`GITHUB_${name}`, path(name)])),
    async read() {
      const errors: string[] = [];
      const pairs = async (name: 'OUTPUT' | 'ENV' | 'STATE'): Promise<Readonly<Record<string, string>>> => {
        const parsed = parseCommandFile(await readFile(path(name), 'utf8'));
        errors.push(
          ...parsed.errors.map((error) => `Unable to process file command '${name.toLowerCase()}': ${error}`),
        );
        return parsed.values;
      };
      const [outputs, environment, state] = [await pairs('OUTPUT'), await pairs('ENV'), await pairs('STATE')];
      const summary = await readFile(path('STEP_SUMMARY'), 'utf8');
      const isTooLong = Buffer.byteLength(summary) > MAX_SUMMARY_BYTES;
      if (isTooLong) errors.push('$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k');
      const paths = (await readFile(path('PATH'), 'utf8')).split('\n').filter(Boolean);
      return { outputs, environment, state, paths, summary: isTooLong ? '' : summary, errors };
    },
  };
}

/** `name=value` lines and `name<<MARK` blocks up to a line that is MARK alone; whichever sign comes first decides. */
export function parseCommandFile(text: string): {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: readonly string[];
} {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const [, name, sign, rest = ''] = /^(.+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined) return { values, errors: [`Invalid format '${line}'`] };
    if (sign === '=') {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, index + 1);
    if (end < 0) return { values, errors: [`Invalid value. Matching delimiter not found '${rest}'`] };
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return { values, errors: [] };
}
