// What `npm run demo -- ...` understands.
import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Ask the real model, with this key; null: the scripted one. */
  readonly apiKey: string | null;
  /** Where everything is left; null: a new directory for temporary files. */
  readonly keep: string | null;
}

export type DemoCommand =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly words: string };

export const USAGE = `Usage: npm run demo [-- --live] [-- --keep <dir>]

Runs the bundled action on a small sample project, from a labelled issue to a pull request. GitHub is embedded, and so
is the model, which follows a script: no key, no network, nothing to install.

  --live         ask the real model; needs ANTHROPIC_API_KEY and costs money (the sample's limit is 5 US dollars)
  --keep <dir>   leave repository, report and logs in this directory (it must be empty or not there yet)
  --help         show this`;

/** Reads the arguments; `environment` is looked at for the key only. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): DemoCommand {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { live: { type: 'boolean' }, keep: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return { kind: 'help' };
    const apiKey = environment['ANTHROPIC_API_KEY'] ?? '';
    if (values.live === true && apiKey === '') return { kind: 'problem', words: NO_KEY };
    return { kind: 'run', options: { apiKey: values.live === true ? apiKey : null, keep: values.keep ?? null } };
  } catch (error) {
    return { kind: 'problem', words: `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}` };
  }
}

const NO_KEY = `--live asks the real model and needs a key: set ANTHROPIC_API_KEY and run it again.
Without --live the demo needs no key.`;
