// `npm run bench`: what it costs to run us, as ratios to a floor measured in the same run. Never part of the tests.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openActionBed } from './action-bed.ts';
import { collectRequests, measureAction, measureFloor, type ActionFigures } from './measure-action.ts';
import { measureImport } from './measure-import.ts';
import { measureSink, type SinkFigures } from './measure-sink.ts';
import { measureFilter, type FilterFigures } from './measure-filter.ts';
import { measureJournal, type JournalFigures } from './measure-journal.ts';
import { cacheReadShare, freshBytesRatio } from './measure-cache.ts';
import { ledgerRatio } from './measure-ledger.ts';
import { median, rounded } from './statistics.ts';

/** Pairs of runs; the medians of the ratios are quoted. */
const PAIRS = 7;
const FILES = 200;
/** Characters of one token, on the low side for English with JSON, so that the count errs upwards. */
const CHARACTERS_PER_TOKEN = 3.5;

/** All that a run of the action reads: itself and the toolhost. The report comes after the work. */
const bundles = ['action.cjs', 'toolhost.cjs'];

interface Figures extends JournalFigures, SinkFigures, FilterFigures {
  readonly startRatio: number;
  readonly turnRatio: number;
  readonly fixedTokens: number;
  readonly baseMemoryMb: number;
  readonly memoryMbPerAgent: number;
  readonly actionBundleBytes: number;
  readonly startMs: number;
  readonly floorStartMs: number;
  readonly turnMs: number;
  readonly floorTurnMs: number;
  readonly cacheReadShare: number;
  readonly freshBytesRatio: number;
  readonly ledgerRatio: number;
  readonly importMs: number;
}

const bars: Readonly<Partial<Record<keyof Figures, string>>> = {
  startRatio: 'at most 2.5',
  turnRatio: 'at most 1.5',
  fixedTokens: 'under 3,000',
  baseMemoryMb: 'at most 150',
  memoryMbPerAgent: 'at most 60',
  actionBundleBytes: 'under 3,000,000',
  cacheReadShare: 'at least 0.9',
  journalMsPerTurn: 'under 2',
  resumeTenThousandMs: 'under 1,000',
  sinkMsPerMegabyte: 'under 300',
  hostileSinkMsPerMegabyte: 'under 300',
  freshBytesRatio: 'at most 1.15',
  ledgerRatio: 'at most 1.5, with a model that answers at once',
  importMs: 'under 150, for 10 changed files of 1,250',
  hostileMegabyteMs: 'under 300',
};

async function measure(root: string, floorBundle: string): Promise<Figures> {
  const bed = await openActionBed(root, FILES);
  try {
    const pairs: { floor: Pick<ActionFigures, 'startMs' | 'turnMs'>; action: ActionFigures }[] = [];
    for (let i = 0; i <= PAIRS; i++) {
      const pair = { floor: await measureFloor(floorBundle, bed.files), action: await measureAction(bed, 1) };
      // The first pair warms the disk's cache and is not counted.
      if (i > 0) pairs.push(pair);
    }
    const eight = await measureAction(bed, 8);
    const cache = {
      cacheReadShare: rounded(cacheReadShare(await collectRequests(bed, 8, 20))),
      freshBytesRatio: rounded(freshBytesRatio((await collectRequests(bed, 1)).slice(1))),
    };
    const of = (pick: (pair: (typeof pairs)[number]) => number): number => rounded(median(pairs.map(pick)));
    return {
      startRatio: of(({ floor, action }) => action.startMs / floor.startMs),
      turnRatio: of(({ floor, action }) => action.turnMs / floor.turnMs),
      fixedTokens: Math.ceil(eight.fixedCharacters / CHARACTERS_PER_TOKEN),
      baseMemoryMb: rounded(eight.ownMb),
      memoryMbPerAgent: rounded(eight.toolhostsMb / 8),
      actionBundleBytes: bundles.reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0),
      startMs: of(({ action }) => action.startMs),
      floorStartMs: of(({ floor }) => floor.startMs),
      turnMs: of(({ action }) => action.turnMs),
      floorTurnMs: of(({ floor }) => floor.turnMs),
      ...cache,
      ...measureJournal(),
      ...measureSink(),
      ...measureFilter(),
      ledgerRatio: rounded(await ledgerRatio()),
      importMs: await measureImport(root),
    };
  } finally {
    await bed.close();
  }
}

async function main(): Promise<void> {
  const [, , root = '.', floorBundle = '', ...flags] = process.argv;
  const figures = await measure(root, floorBundle);
  if (flags.includes('--json')) {
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    return;
  }
  process.stdout.write(`medians of ${PAIRS} pairs on a repository of ${FILES} files; memory with 8 agents at once\n\n`);
  for (const [name, value] of Object.entries(figures)) {
    const bar = Object.entries(bars).find(([key]) => key === name)?.[1] ?? '';
    process.stdout.write(`${name.padEnd(24)} ${value.toLocaleString('en-US').padStart(12)}   ${bar}\n`);
  }
}

void main();
