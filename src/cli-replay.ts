// `ai-implement replay`: a run again from its journal, without model, network or a command run.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGitStore, type GitStore } from './adapters/git-store.ts';
import { openSource } from './adapters/git-source.ts';
import { findJournal, readJournalFile } from './adapters/read-journal-file.ts';
import { systemClock } from './adapters/system-clock.ts';
import { RunError } from './errors.ts';
import type { JournalEntry } from './events.ts';
import { noKeeping, type Keeping } from './keep-state.ts';
import { createLedger } from './money/ledger.ts';
import { pricesOn, type PriceList } from './money/prices.ts';
import { createSink } from './publish/sink.ts';
import { createComparison, type Comparison } from './record/compare-events.ts';
import {
  NotInJournal,
  offlineGit,
  offlineGitHub,
  offlineModel,
  offlineTrees,
  type Refuse,
} from './record/offline-ports.ts';
import { recordPorts } from './record/record-ports.ts';
import { createReplayOrder, type ReplayOrder } from './record/replay-order.ts';
import { verdictOf, type Replayed, type ReplayEnd } from './record/replay-verdict.ts';
import { startedOf, type StartedRun } from './record/started-run.ts';
import { lastProcess, storyOf } from './record/story-events.ts';
import { watchedGit } from './record/watched-git.ts';
import { runRecorded } from './run-recorded.ts';
import type { Trigger } from './types.ts';
import { version } from './version.ts';

/**
 * The run's folder (its git objects lie there) and the project it was made in are read; nothing is pushed or asked.
 * @param where a journal, the folder of a run, or the id of a run of the project
 * @throws RunError of a journal that cannot be read, or of a run that cannot be replayed
 */
export async function replayRun(where: string, projectDir: string): Promise<Replayed> {
  const journalPath = findJournal(where, projectDir);
  const { entries } = readJournalFile(journalPath);
  const started = startedOf(entries);
  const begun = begunOf(entries);
  if (started === null || begun === null) {
    throw new RunError('run-not-replayable', {
      detail: 'its journal does not say how it started; it failed before, or is of an earlier version.',
    });
  }
  const { git, close } = await openStore(join(dirname(journalPath), 'store'), projectDir, started);
  try {
    return await replay({ entries, started, trigger: begun.trigger, git, prices: begun.prices(started) });
  } finally {
    close();
  }
}

interface Replay {
  readonly entries: readonly JournalEntry[];
  readonly started: StartedRun;
  readonly trigger: Trigger;
  readonly git: GitStore;
  readonly prices: PriceList;
}

async function replay(replayed: Replay): Promise<Replayed> {
  const { entries } = replayed;
  const { plain } = createSink({ secrets: [] });
  const stop = new AbortController();
  const missing: JournalEntry[] = [];
  const comparison: Comparison = createComparison(entries, {
    clean: plain,
    onTold: (entry) => order.told(entry),
    onDifference: () => order.open(),
  });
  const order: ReplayOrder = createReplayOrder({
    awaited: storyOf(entries),
    clock: systemClock,
    onDue: ({ event }) => {
      if (event.type !== 'stop.requested' && event.type !== 'limit.reached') return false;
      if (event.type === 'limit.reached' && event.limit.limit !== 'limits.timeout_minutes') return false;
      comparison.emit(event);
      stop.abort();
      return true;
    },
    onMissing: (entry) => {
      missing.push(entry);
      // What an earlier process told may have gone otherwise in the one that went on.
      if (entry.seq >= lastProcess(entries)) order.open();
    },
  });
  const result = await runAgain(replayed, { comparison, order, stop });
  const untold = [...missing, ...order.untold()];
  return verdictOf(entries, comparison, { result, untold, version });
}

interface Watch {
  readonly comparison: Comparison;
  readonly order: ReplayOrder;
  readonly stop: AbortController;
}

async function runAgain(
  { entries, started, trigger, git, prices }: Replay,
  { comparison, order, stop }: Watch,
): Promise<ReplayEnd['result']> {
  const sink = createSink({ secrets: [] });
  // Whoever runs beside it may still have something to tell.
  const refuse: Refuse = async (what) => {
    await order.reach(Number.MAX_SAFE_INTEGER);
    throw new NotInJournal(what);
  };
  const ports = recordPorts(
    {
      git: offlineGit(watchedGit(git, order.busy), refuse),
      github: trigger.repository === null ? null : offlineGitHub(refuse),
      model: { ...offlineModel(refuse), contextWindowTokens: (name) => prices(name)?.contextWindowTokens ?? 0 },
      trees: offlineTrees(refuse),
    },
    { earlier: entries, reporter: comparison, clean: sink.plain, replay: order },
  );
  const lacks = (what: string) => (): never => {
    throw new NotInJournal(what);
  };
  for (const { event } of entries) if (event.type === 'run.started') comparison.emit(event);
  try {
    const outcome = await runRecorded(
      { ...started, trigger },
      {
        ports,
        keeping: keepingOf(entries, comparison, order),
        environment: lacks('the facts of the machine'),
        nonce: lacks('the random mark of foreign text'),
        reporter: comparison,
        clock: systemClock,
        signal: stop.signal,
        state: comparison.state,
        findSecrets: sink.secrets.find,
        redact: sink.secrets.redact,
        clean: sink.markdown,
        cleanTitle: sink.plain,
        earlierRunIds: started.earlierRunIds,
        saveLog: () => Promise.resolve(null),
        // What a limit refused is in the journal; all else was allowed.
        ledger: createLedger({ limits: noLimits, priceOf: prices }),
        priceOf: prices,
      },
    );
    return { outcome };
  } catch (error) {
    return { error };
  }
}

const noLimits = { maxApiCalls: null, tokenBudget: null, costLimitNanoUsd: null };

/** Whether the work was this run's alone is in its journal. */
function keepingOf(entries: readonly JournalEntry[], { state }: Comparison, order: ReplayOrder): Keeping {
  const found = entries.find(({ event }) => event.type === 'call.ended' && event.call === 'claim');
  const answer = found?.event.type === 'call.ended' ? String(found.event.answer) : null;
  return {
    ...noKeeping,
    claim: async () => {
      if (found !== undefined) await order.reach(found.seq);
      return answer;
    },
    isLost: () => state().stoppedBy?.endsWith(', which has taken over') === true,
  };
}

/** The run's own objects where they are kept, on those of the project. */
async function openStore(directory: string, projectDir: string, { config }: StartedRun) {
  const source = await openSource(projectDir);
  const isKept = existsSync(directory);
  const place = isKept ? directory : mkdtempSync(join(tmpdir(), 'ai-implement-replay-'));
  const remote = { kind: 'local', gitDir: source.gitDir, has: [] } as const;
  const git = createGitStore({
    directory: place,
    source,
    remote,
    clock: systemClock,
    prefix: () => config.branchPrefix,
  });
  const close = (): void => {
    git.close();
    if (!isKept) rmSync(place, { recursive: true, force: true });
  };
  return { git, close };
}

function begunOf(entries: readonly JournalEntry[]) {
  for (const { event, atMs } of entries) {
    if (event.type !== 'run.started') continue;
    return { trigger: event.trigger, prices: ({ config }: StartedRun) => pricesOn(atMs, config.prices) };
  }
  return null;
}
