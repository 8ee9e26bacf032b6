// Tool `bash`: one shell command, its output cut once, the whole of it kept in a log where it did not fit.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { CommandResult, ToolResult } from '../../ports.ts';
import { maxRunning } from '../background-commands.ts';
import { collapseLines } from '../clean-output.ts';
import { collapseCoverage, narrowLines } from '../collapse-coverage.ts';
import { cutOutput } from '../cut-output.ts';
import { testsFirst } from '../test-output/tests-first.ts';
import { logsName } from './locate.ts';
import { defineTool, failure, success, type ToolContext } from './tool.ts';

const defaultTimeoutS = 120;
const maxTimeoutS = 600;
const maxCharacters = 10_000;
/** The end of an output tells more than its beginning, above all after a failure. */
const headShare = { succeeded: 0.3, failed: 0.2 };
/** How long a background command is watched before the answer: most servers are up by then, or have failed. */
const settleMs = 2_000;
const maxStartCharacters = 2_000;
/** The shell's own words for a command that it did not find or may not run: then nothing was done. */
const notRun = [126, 127];

export const bash = defineTool({
  name: 'bash',
  description:
    'Run a shell command in the project directory. Each call is a fresh shell without input; what it leaves running ends ' +
    'with it, unless background is set. Output above 10,000 characters is cut in the middle; all of it is then in ' +
    '.ai/logs/<n>.txt, a folder that `read` and `search` know and commands do not.',
  schema: z.object({
    command: z.string().check(z.minLength(1)),
    timeout_s: z
      .optional(z.number())
      .check(z.describe(`default ${String(defaultTimeoutS)}, at most ${String(maxTimeoutS)}`)),
    background: z
      .optional(z.boolean())
      .check(z.describe('for servers: go on until the task ends, output in .ai/logs/bg-<n>.txt')),
  }),
  async execute(input, context) {
    const { command, background, timeout_s } = input;
    if (command.includes('\0')) return failure('A command cannot hold a NUL character.');
    if (background === true) return startInBackground(command, context);
    const timeoutS = Math.min(maxTimeoutS, Math.max(1, timeout_s ?? defaultTimeoutS));
    const result = await context.commands.run({ command, timeoutMs: timeoutS * 1000 }, context.signal);
    const content = `${heading(result, timeoutS)}\n${body(result, context.logDirectory)}`;
    // A command that ran to its end was carried out; what came of it says its exit code. The code of a chain is that of
    // its last command alone, and a failing test or a search without hits is an answer, not a fault of the call.
    const carriedOut = result.exitCode !== null && !notRun.includes(result.exitCode);
    return carriedOut ? success(content) : failure(content);
  },
});

async function startInBackground(command: string, { background, logDirectory }: ToolContext): Promise<ToolResult> {
  const started = await background.start(command, settleMs);
  if (started === null) {
    return failure(
      `${String(maxRunning)} background commands run already, which is as many as may; they end with the task.`,
    );
  }
  const { logName, exitCode, waitedMs } = started;
  const waited = `${(waitedMs / 1000).toFixed(1)} s`;
  const state =
    exitCode === null ? `running after ${waited}` : `ended after ${waited} with exit code ${String(exitCode)}`;
  const logPath = `${logsName}/${logName}`;
  const output = collapseLines(readFileSync(join(logDirectory, logName), 'utf8')).trimEnd();
  const shown = cutOutput(output, { maxCharacters: maxStartCharacters, headShare: headShare.failed, logPath });
  const content = `${state}; log: ${logPath}\n${shown === '' ? '(no output yet)' : shown}`;
  return exitCode === null || exitCode === 0 ? success(content) : failure(content);
}

function heading(result: CommandResult, timeoutS: number): string {
  const seconds = `${(result.durationMs / 1000).toFixed(1)} s`;
  if (result.exitCode !== null) return `exit code ${String(result.exitCode)} (${seconds})`;
  return result.timedOut
    ? `killed at the time limit of ${String(timeoutS)} s, with all it started (${seconds})`
    : `killed (${seconds})`;
}

function body(result: CommandResult, logDirectory: string): string {
  const whole = collapseLines(result.output).trimEnd();
  if (whole === '') return '(no output)';
  const withoutTables = collapseCoverage(whole);
  if (withoutTables === whole && whole.length <= maxCharacters) return whole;
  const logPath = saveLog(result.output, logDirectory);
  const shown = narrowLines(withoutTables);
  const notice = `[shortened; whole output: ${logPath}]\n`;
  return notice.length + shown.length <= maxCharacters ? notice + shown : cut(shown, result, logPath);
}

function cut(shown: string, { output, exitCode }: CommandResult, logPath: string): string {
  const share = exitCode === 0 ? headShare.succeeded : headShare.failed;
  const tests = testsFirst(output, exitCode);
  if (tests === null) return cutOutput(shown, { maxCharacters, headShare: share, logPath });
  const first = `${tests}\n[whole output: ${logPath}; a part of it:]\n`;
  return first + cutOutput(shown, { maxCharacters: maxCharacters - first.length, headShare: share, logPath });
}

/** Writes the next numbered log and returns its name as the model sees it. */
function saveLog(output: string, logDirectory: string): string {
  mkdirSync(logDirectory, { recursive: true });
  const numbers = readdirSync(logDirectory).map((name) => Number.parseInt(name, 10));
  const name = `${String(Math.max(0, ...numbers.filter(Number.isInteger)) + 1)}.txt`;
  writeFileSync(join(logDirectory, name), output, { flag: 'wx' });
  return `${logsName}/${name}`;
}
