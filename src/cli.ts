#!/usr/bin/env node
// Entry of the terminal: argv in, exit code out.
import { Command, CommanderError, Option } from 'commander';
import { runInit } from './cli-init.ts';
import { runFromTerminal, type TerminalOptions } from './cli-run.ts';
import { replayRun } from './cli-replay.ts';
import { resumeRun } from './cli-resume.ts';
import { runsTable, writeReport } from './cli-runs.ts';
import { inputHelp } from './config/input-help.ts';
import { inputNames } from './config/inputs.ts';
import { describeFailure } from './describe-failure.ts';
import { environmentSecrets } from './environment-secrets.ts';
import { isRunError } from './errors.ts';
import { createSink } from './publish/sink.ts';
import type { Trigger } from './types.ts';
import { version } from './version.ts';

/** What the exit code says. 130 is the shells' own for an interrupted program. */
const exitCodes = { done: 0, failed: 1, usage: 2, partial: 3 } as const;

const exitCodeText = `
Exit codes:
  0    done: the result is on its branch, or its pull request is open
  1    failed: nothing usable came out; the last lines say why
  2    the call or the configuration is wrong; nothing was started
  3    partial: a limit was reached or a task was not completed; what passed is kept
  130  interrupted`;

function program(): Command {
  const top = new Command('ai-implement')
    .description('Turns an issue or a feature text into branches, measured results and a pull request.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(add --help for all options)')
    .addHelpText('after', exitCodeText);
  top.addCommand(runCommand('run', 'Plan, build, check and integrate; on GitHub also open the pull request.'));
  top.addCommand(runCommand('plan', 'Stop after the priced plan.'));
  top.addCommand(resumeCommand());
  top.addCommand(runsCommand());
  top.addCommand(replayCommand());
  top.addCommand(reportCommand());
  top.addCommand(initCommand());
  return top;
}

function runCommand(name: Trigger['command'], description: string): Command {
  const command = new Command(name)
    .description(description)
    .exitOverride()
    .option('--feature <text>', 'what to build, in words; works without GitHub')
    .option('--issue <number>', 'issue to work on; needs GITHUB_TOKEN')
    .option('--repo <owner/name>', 'repository of the issue; default: the origin of the project')
    .option('--project-dir <path>', 'the checked-out repository', '.')
    .option('--config <path>', 'configuration file in the repository')
    .option(
      '--sandbox <name>',
      'auto, namespaces, bubblewrap; off runs commands with your own rights (not with --issue)',
    )
    .option('--fresh', 'begin anew although an unfinished run of the same request is there')
    .option('--anthropic-base-url <url>', 'older name of --base-url, for Anthropic (or ANTHROPIC_BASE_URL)')
    .addHelpText(
      'after',
      `\nReads ANTHROPIC_API_KEY or OPENAI_API_KEY (as the provider is), and GITHUB_TOKEN (or GH_TOKEN) with --issue.\n${exitCodeText}`,
    )
    .action(async (options: TerminalOptions, self: Command) => {
      const fresh = self.getOptionValue('fresh') === true;
      process.exitCode = exitCodeOf(await runFromTerminal(name, options, fresh));
    });
  for (const option of configOptions()) command.addOption(option);
  return command;
}

/** One flag for each input that sets an option of the configuration. */
function configOptions(): Option[] {
  return inputNames.flatMap((name) => {
    const { key, description, default: preset } = inputHelp(name);
    if (key === null) return [];
    return [new Option(`--${name} <value>`, preset === '' ? description : `${description} Default: ${preset}.`)];
  });
}

interface InitFlags {
  readonly projectDir: string;
  readonly action?: string;
  readonly singleJob: boolean;
  readonly force: boolean;
}

function initCommand(): Command {
  return new Command('init')
    .description('Write the workflow, a commented configuration and the context files for the agents.')
    .exitOverride()
    .option('--project-dir <path>', 'root of the repository', '.')
    .option('--action <reference>', 'action to use in the workflow, owner/name@ref')
    .option('--single-job', 'one job that builds and publishes; the default is two, of which only one may write', false)
    .option('--force', 'overwrite files that are there', false)
    .action(async ({ projectDir, ...options }: InitFlags) => {
      print(`${await runInit({ directory: projectDir, ...options })}\n`);
    });
}

const projectOption = ['--project-dir <path>', 'the checked-out repository', '.'] as const;

function resumeCommand(): Command {
  return new Command('resume')
    .description('Go on with a run whose process was killed; without a name, with the newest one.')
    .argument('[run]', 'id of the run, as `ai-implement runs` lists it')
    .exitOverride()
    .option(...projectOption)
    .addHelpText(
      'after',
      `\nThe run goes on as it was asked for; keys and tokens are read from the environment again.\n${exitCodeText}`,
    )
    .action(async (run: string | undefined, { projectDir }: { projectDir: string }) => {
      process.exitCode = exitCodeOf(await resumeRun(run ?? null, projectDir));
    });
}

function runsCommand(): Command {
  return new Command('runs')
    .description('List the runs of a project: id, begin, state, cost, branch.')
    .exitOverride()
    .option(...projectOption)
    .action(({ projectDir }: { projectDir: string }) => {
      print(runsTable(projectDir));
    });
}

function replayCommand(): Command {
  return new Command('replay')
    .description('Execute a run again from its journal, without model and network, and compare every request.')
    .argument('<journal>', 'journal.jsonl of the run, in its folder')
    .exitOverride()
    .option(...projectOption)
    .addHelpText(
      'after',
      '\nExit code 0: every request was the same; 1: the first difference is shown; 2: it cannot be replayed.',
    )
    .action(async (journal: string, { projectDir }: { projectDir: string }) => {
      const { text, same } = await replayRun(journal, projectDir);
      print(text);
      process.exitCode = same ? exitCodes.done : exitCodes.failed;
    });
}

function reportCommand(): Command {
  return new Command('report')
    .description('Make the HTML report of a journal.')
    .argument('<journal>', 'journal.jsonl of the run')
    .exitOverride()
    .option('--output <path>', 'file to write; default: report.html beside the journal')
    .action(async (journal: string, { output }: { output?: string }) => {
      print(`Report: ${await writeReport(journal, output ?? null)}\n`);
    });
}

type Ending = Awaited<ReturnType<typeof runFromTerminal>>;

function exitCodeOf({ outcome, interrupted }: Ending): number {
  if (interrupted) return 130;
  if (outcome.kind === 'failed') return exitCodes.failed;
  return outcome.kind === 'partial' ? exitCodes.partial : exitCodes.done;
}

/** Errors of the call and of the configuration: nothing was started. */
const usageCodes: readonly string[] = [
  'config-invalid',
  'input-invalid',
  'nothing-to-do',
  'no-api-key',
  'no-github-token',
  'not-a-repository',
  'repository-empty',
  'run-not-found',
  'run-has-ended',
  'run-is-going',
  'run-of-other-version',
  'journal-version',
];

/** Whatever is printed passes it: journals and errors may hold what others wrote. */
const sink = createSink({ secrets: environmentSecrets(process.env) });

const print = (text: string): void => void process.stdout.write(sink.plain(text));

function tellFailure(error: unknown): void {
  process.stderr.write(sink.plain(`ai-implement: ${describeFailure(error)}\n`));
  process.exitCode = isRunError(error) && usageCodes.includes(error.code) ? exitCodes.usage : exitCodes.failed;
}

async function main(): Promise<void> {
  // What nobody caught would be printed as it is by node: an error may carry the headers of a request.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      tellFailure(error);
      process.exit();
    });
  }
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
      return;
    }
    tellFailure(error);
  }
}

void main();
