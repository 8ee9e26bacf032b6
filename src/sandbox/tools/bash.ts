// Tool `bash`: one shell command, its output cut once, the whole of it kept in a log where it did not fit.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { CommandResult } from '../../ports.ts';
import { collapseLines } from '../clean-output.ts';
import { cutOutput } from '../cut-output.ts';
import { runCommand } from '../run-command.ts';
import { logsName } from './locate.ts';
import { defineTool, failure, success } from './tool.ts';

const defaultTimeoutS = 120;
const maxTimeoutS = 600;
const maxCharacters = 10_000;
/** The end of an output tells more than its beginning, above all after a failure. */
const headShare = { succeeded: 0.3, failed: 0.2 };

export const bash = defineTool({
  name: 'bash',
  description:
    'Run a shell command in the project directory. Each call is a fresh shell without input; background processes end with it. ' +
    'Output above 10,000 characters is cut in the middle; all of it is then in .ai/logs/<n>.txt for `read` and `search`.',
  schema: z.object({
    command: z.string().min(1),
    timeout_s: z
      .number()
      .optional()
      .describe(`default ${String(defaultTimeoutS)}, at most ${String(maxTimeoutS)}`),
  }),
  async execute(input, context) {
    if (input.command.includes('\0')) return failure('A command cannot hold a NUL character.');
    const timeoutS = Math.min(maxTimeoutS, Math.max(1, input.timeout_s ?? defaultTimeoutS));
    const { root, env, signal } = context;
    const result = await runCommand({ command: input.command, timeoutMs: timeoutS * 1000 }, { cwd: root, env, signal });
    const content = `${heading(result, timeoutS)}\n${body(result, context.logDirectory)}`;
    return result.exitCode === 0 ? success(content) : failure(content);
  },
});

function heading(result: CommandResult, timeoutS: number): string {
  const seconds = `${(result.durationMs / 1000).toFixed(1)} s`;
  if (result.exitCode !== null) return `exit code ${String(result.exitCode)} (${seconds})`;
  return result.timedOut
    ? `killed at the time limit of ${String(timeoutS)} s, with all it started (${seconds})`
    : `killed (${seconds})`;
}

function body(result: CommandResult, logDirectory: string): string {
  const shown = collapseLines(result.output).trimEnd();
  if (shown === '') return '(no output)';
  if (shown.length <= maxCharacters) return shown;
  const share = result.exitCode === 0 ? headShare.succeeded : headShare.failed;
  return cutOutput(shown, { maxCharacters, headShare: share, logPath: saveLog(result.output, logDirectory) });
}

/** Writes the next numbered log and returns its name as the model sees it. */
function saveLog(output: string, logDirectory: string): string {
  mkdirSync(logDirectory, { recursive: true });
  const numbers = readdirSync(logDirectory).map((name) => Number.parseInt(name, 10));
  const name = `${String(Math.max(0, ...numbers.filter(Number.isInteger)) + 1)}.txt`;
  writeFileSync(join(logDirectory, name), output, { flag: 'wx' });
  return `${logsName}/${name}`;
}
