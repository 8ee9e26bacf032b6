// `npm run bench -- trees [--json] [--files N] [--kind overlay|reflink|copies]`: trees for agents against `git worktree add`.
import { openTreeRepository, type GitFigures, type MeasureTreesOptions, type TreesFigures } from './measure-trees.ts';
import { parseArgs } from 'node:util';

/** To show what grows with the repository, and what does not. */
const otherSizes = [1_000, 100_000];
const usualSize = 20_000;

/** Ours and git's on one repository, one right after the other. */
interface Compared extends TreesFigures, GitFigures {
  readonly firstTreeRatio: number;
  readonly eightTreesRatio: number;
  readonly importRatio: number;
  /** What eight trees take on the disk; ours have ten changed files each by then. */
  readonly diskToGitRatio: number;
}

interface Figures extends Compared {
  /** The other sizes. Empty where one was asked for. */
  readonly growth: readonly Compared[];
}

const bars: Readonly<Partial<Record<keyof Figures, string>>> = {
  eightTreesRatio: 'at most 0.01 with overlay',
  importTenChangesMs: 'at most 30, whatever the size',
  diskRatio: 'at most 2',
};

/** Four places: a hundredth is the bar. */
const ratio = (ours: number, theirs: number): number => Math.round((ours / theirs) * 10_000) / 10_000;

async function compare(options: MeasureTreesOptions): Promise<Compared> {
  const repository = await openTreeRepository(options);
  let both: TreesFigures & GitFigures;
  try {
    both = { ...(await repository.ours()), ...(await repository.git()) };
  } finally {
    repository.remove();
  }
  return {
    ...both,
    firstTreeRatio: ratio(both.firstTreeMs, both.gitFirstTreeMs),
    eightTreesRatio: ratio(both.eightTreesMs, both.gitEightTreesMs),
    importRatio: ratio(both.importTenChangesMs, both.gitImportMs),
    diskToGitRatio: ratio(both.diskMb, both.gitDiskMb),
  };
}

async function measure(options: MeasureTreesOptions, isGrowthAsked: boolean): Promise<Figures> {
  const usual = await compare(options);
  const growth: Compared[] = [];
  for (const files of isGrowthAsked ? otherSizes : []) growth.push(await compare({ ...options, files }));
  return { ...usual, growth };
}

function table({ growth, ...figures }: Figures): string {
  const rows = Object.entries(figures).map(([name, value]) => {
    const bar = Object.entries(bars).find(([key]) => key === name)?.[1] ?? '';
    return `${name.padEnd(20)} ${value.toLocaleString('en-US').padStart(12)}   ${bar}\n`;
  });
  const columns = [
    'files',
    'firstTreeMs',
    'firstTreeRatio',
    'eightTreesMs',
    'eightTreesRatio',
    'importTenChangesMs',
    'importRatio',
    'diskRatio',
    'diskToGitRatio',
  ] as const;
  const lines = [figures, ...growth]
    .sort((one, other) => one.files - other.files)
    .map((one) => columns.map((name) => one[name].toLocaleString('en-US').padStart(20)).join(''));
  const growing = [columns.map((name) => name.padStart(20)).join(''), ...lines].map((line) => `${line}\n`);
  return [...rows, ...(growth.length === 0 ? [] : ['\n', ...growing])].join('');
}

async function main(): Promise<void> {
  const [, , root = '.', ...args] = process.argv;
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean' }, files: { type: 'string' }, kind: { type: 'string' } },
  });
  const kind = (['overlay', 'reflink', 'copies'] as const).find((one) => one === values.kind) ?? null;
  if (values.kind !== undefined && kind === null) throw new Error(`${values.kind} is no kind of tree`);
  const files = values.files === undefined ? usualSize : Number(values.files);
  if (!Number.isInteger(files) || files < 100) throw new Error('--files takes a number from 100 on');
  const figures = await measure({ root, files, kind }, values.files === undefined);
  process.stdout.write(values.json === true ? `${JSON.stringify(figures)}\n` : table(figures));
}

void main();
