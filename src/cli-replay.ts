// `ai-implement replay`: a run again from its journal, without model, network or a command run.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSource } from './adapters/git-source.ts';
import { readJournalFile } from './adapters/read-journal-file.ts';
import { systemClock } from './adapters/system-clock.ts';
import { integrationBranch, runSlug } from './branch-names.ts';
import { inputsOf } from './cli-run.ts';
import { describeFailure } from './describe-failure.ts';
import { RunError } from './errors.ts';
import type { JournalEntry } from './events.ts';
import { createLedger } from './money/ledger.ts';
import { priceOf } from './money/prices.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import { openRun, type OpenedRun } from './open-run.ts';
import { createSink } from './publish/sink.ts';
import { askedOf, type AskedRun } from './record/asked-run.ts';
import { createComparison, type Comparison } from './record/compare-events.ts';
import { NotInJournal, offlineGit, offlineGitHub, offlineModel, offlineTrees } from './record/offline-ports.ts';
import { recordPorts } from './record/record-ports.ts';
import { run } from './run.ts';
import type { Trigger } from './types.ts';

export interface Replayed {
  readonly text: string;
  /** True when nothing differed up to where the journal ends. */
  readonly same: boolean;
}

/**
 * The run's folder (its git objects lie there) and the project it was made in are read; nothing is pushed or asked.
 * @throws RunError of a journal that cannot be read, or is not one of a run from a terminal
 */
export async function replayRun(journalPath: string, projectDir: string): Promise<Replayed> {
  const { entries } = readJournalFile(journalPath);
  const asked = askedOf(entries);
  const trigger = triggerOf(entries);
  const store = join(dirname(journalPath), 'store');
  if (asked === null || trigger === null || !existsSync(store)) {
    throw new RunError('run-not-found', { what: 'run that can be replayed', directory: dirname(journalPath) });
  }
  const source = { ...(await openSource(projectDir)), headCommit: asked.commit, branch: asked.branch };
  const remote = { kind: 'local', gitDir: source.gitDir, has: [] } as const;
  const opened = await openRun(source, { directory: store, remote, inputs: inputsOf(asked.options) });
  try {
    const { plain } = createSink({ secrets: [] });
    const comparison = createComparison(entries, plain);
    const stopped = await replay({ entries, asked, trigger, opened }, comparison);
    return verdict(entries, comparison, stopped);
  } finally {
    opened.git.close();
  }
}

interface Replay {
  readonly entries: readonly JournalEntry[];
  readonly asked: AskedRun;
  readonly trigger: Trigger;
  readonly opened: OpenedRun;
}

/** @returns why it could not go on, or null when it came to its end */
async function replay({ entries, asked, trigger, opened }: Replay, comparison: Comparison): Promise<string | null> {
  const { config, git } = opened;
  const sink = createSink({ secrets: [] });
  const ports = recordPorts(
    {
      git: offlineGit(git),
      github: trigger.repository === null ? null : offlineGitHub,
      model: { ...offlineModel, contextWindowTokens: (name) => priceOf(name, config.prices)?.contextWindowTokens ?? 0 },
      trees: offlineTrees,
    },
    { earlier: entries, reporter: comparison, clean: sink.plain },
  );
  const missing = (what: string) => (): Promise<never> => Promise.reject(new NotInJournal(what));
  const spent = usageOfJournal(entries.map(({ event }) => event));
  for (const { event } of entries) if (event.type === 'run.started') comparison.emit(event);
  try {
    await run(
      {
        trigger,
        config,
        checkout: { commit: asked.commit ?? '', branch: trigger.repository === null ? asked.branch : null },
        branch: integrationBranch(config.branchPrefix, runSlug(trigger.issueNumber, trigger.feature ?? '')),
        continues: null,
        environment: await ports.remember('environment', missing('the facts of the machine')),
        nonce: await ports.remember('nonce', missing('the random mark of foreign text')),
      },
      {
        ...ports,
        reporter: comparison,
        clock: systemClock,
        state: comparison.state,
        findSecrets: sink.secrets.find,
        redact: sink.secrets.redact,
        clean: sink.markdown,
        cleanTitle: sink.plain,
        saveLog: () => Promise.resolve(null),
        ledger: createLedger({ limits: config.limits, priceOf: (name) => priceOf(name, config.prices), before: spent }),
      },
    );
    return null;
  } catch (error) {
    return error instanceof NotInJournal ? error.message : describeFailure(error);
  }
}

function triggerOf(entries: readonly JournalEntry[]): Trigger | null {
  for (const { event } of entries) if (event.type === 'run.started') return event.trigger;
  return null;
}

function verdict(entries: readonly JournalEntry[], comparison: Comparison, stopped: string | null): Replayed {
  const count = `${comparison.sameRequests()} model requests are the same`;
  const difference = comparison.firstDifference();
  const ended = entries.find(({ event }) => event.type === 'run.ended')?.event;
  if (difference !== null) return { same: false, text: `${count}; then the first difference:\n${difference}\n` };
  if (stopped === null) return { same: true, text: `${count}, and nothing differs.\n` };
  if (ended === undefined)
    return { same: true, text: `${count}, up to where the run was killed (next: ${stopped}).\n` };
  const failed = ended.type === 'run.ended' && ended.outcome.kind === 'failed';
  if (failed) return { same: true, text: `${count}; the run failed then as it does now: ${stopped}\n` };
  return { same: false, text: `${count}; then the run wants what its journal does not have: ${stopped}\n` };
}
