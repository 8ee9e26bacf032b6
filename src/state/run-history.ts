// Earlier runs of the repository, for limits by day and for estimates: one JSON file on a branch under our prefix.
import * as z from 'zod/mini';

const historyVersion = 1;

/** Of the history's branch. */
export const historyFile = 'runs.json';

/** Runs that are kept, newest first. 500 runs of four tasks are about 150 kB. */
const maxRuns = 500;

const runShape = z.object({
  runId: z.string(),
  /** When it started, ms since the epoch. */
  atMs: z.number(),
  actor: z.string(),
  costNanoUsd: z.int().check(z.nonnegative()),
  tasks: z.array(z.object({ role: z.string(), turns: z.number(), costNanoUsd: z.int().check(z.nonnegative()) })),
});

const historyShape = z.object({ version: z.literal(historyVersion), runs: z.array(runShape) });

/** One earlier run. A run that does not live to its end is here with what it had spent when it last said so. */
export type EarlierRun = z.infer<typeof runShape>;

/** The runs of a file's text; none for what is no history of this version. */
export function parseHistory(text: string): readonly EarlierRun[] {
  try {
    const parsed = historyShape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.runs : [];
  } catch {
    return [];
  }
}

export const formatHistory = (runs: readonly EarlierRun[], clean: (text: string) => string): string =>
  `${JSON.stringify({ version: historyVersion, runs: runs.map((run) => ({ ...run, actor: clean(run.actor) })) })}\n`;

/** The history with this run in it, newest first; of two accounts of one run the dearer stands, whoever wrote last. */
export function withRun(runs: readonly EarlierRun[], run: EarlierRun): readonly EarlierRun[] {
  const known = runs.find(({ runId }) => runId === run.runId);
  const stands = known !== undefined && known.costNanoUsd > run.costNanoUsd ? known : run;
  const others = runs.filter(({ runId }) => runId !== run.runId);
  return [...others, stands].sort((a, b) => b.atMs - a.atMs).slice(0, maxRuns);
}
