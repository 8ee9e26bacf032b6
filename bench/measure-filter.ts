// What it costs to take hidden text out of one field, made of the worst that we know: a megabyte of each.
import { filterHiddenText } from '../src/trigger/filter-hidden-text.ts';
import { rounded } from './statistics.ts';

const LENGTH = 1_000_000;

/** What parsers of Markdown and HTML are slow at, each repeated without end. */
const units = [
  ...['<!--', '<!-', '<!-<!-- -->', '<!-<!-- -->- x --<!-- -->>', '[', '![', '[a](b', '[a](b "c")\n', '[a]: b "c"\n\n'],
  ...['eyJ', '&#x', '&#105;', '<a ', '<a href="', '<div title="\n\n', '<details>', '> ', '- ', '  * a\n', '    x\n\n'],
  ...['`', '`a``b```c', '```\n', '| a |\n|---|\n', '[^1]: x\n', '\u200b', '\u001b[', 'words and words\n'],
];

export interface FilterFigures {
  /** The slowest of all. */
  readonly hostileMegabyteMs: number;
  /** An issue as people write them, of 4 KB. */
  readonly usualIssueMs: number;
}

export function measureFilter(): FilterFigures {
  const usual = '## Steps\n\n1. Run `npm test`\n2. See [the log](https://h.test/log "x") <!-- template -->\n\n'.repeat(
    45,
  );
  // As a run has it: nothing of this was called before.
  const usualIssueMs = rounded(timed(() => filterHiddenText(usual)));
  const times = units.map((unit) => {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length)).slice(0, LENGTH);
    return timed(() => filterHiddenText(text));
  });
  return { hostileMegabyteMs: rounded(Math.max(...times)), usualIssueMs };
}

/** Milliseconds of the processor: one thread works, so what else the machine does need not count. */
function timed(act: () => unknown): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
