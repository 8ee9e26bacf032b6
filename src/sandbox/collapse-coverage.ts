// Takes the bulk out of a long output that says nothing of what failed: coverage tables, and the blanks of wide lines.

/** Smaller tables cost little, and may be what was asked for. */
const leastCharacters = 1_000;
/** Lines up to this width are left as they are; in wider ones, runs from `leastRun` on are cut down to `keptRun`. */
const wideLine = 160;
const leastRun = 20;
const keptRun = 5;

/** How one kind of reporter draws its table. `rule` may stand above the header, between rows and below them. */
interface Style {
  readonly header: RegExp;
  readonly rule: RegExp;
  /** `columns`: of the header, counted by its bars. */
  readonly isRow: (line: string, columns: number) => boolean;
}

const columnsOf = (line: string): number => line.split('|').length;

/** The text reporter of istanbul, which jest, nyc, c8 and vitest share. */
const istanbul: Style = {
  header: /^File +\|(?: *% \w+ *\|){2}/,
  rule: /^-{3,}(?:\|-+){2,}\|?$/,
  isRow: (line, columns) => columnsOf(line) === columns,
};
/** coverage.py, also as pytest-cov prints it. */
const coveragePy: Style = {
  header: /^Name +Stmts +Miss\b.* Cover\b/,
  rule: /^-{3,}$/,
  isRow: (line) => /^\S.* \d+(?:\.\d+)?%(?: |$)/.test(line),
};
/** node:test, whose lines carry the mark of its reporter. */
const nodeTest: Style = {
  header: /^(?:ℹ|#) file +\| line % \|/,
  rule: /^(?:ℹ|#) -{3,}$/,
  isRow: (line, columns) => columnsOf(line) === columns,
};
const styles = [istanbul, coveragePy, nodeTest];

/** Of the line of totals, its list of lines without coverage left out. */
const maxTotals = 200;
const total = /^(?:(?:ℹ|#) )?(?:all files|total)\b/i;

/**
 * Each coverage table of 1,000 characters or more as one line, with its totals: `[coverage table, 14 lines: All files |
 * 51.1 | 38.2 | 57 | 51.4]`. All else stays as it is, so the result is the text itself where there is no such table.
 */
export function collapseCoverage(text: string): string {
  // Nearly all outputs hold none: they are not taken apart.
  if (!/^(?:File +\||Name +Stmts|(?:ℹ|#) file +\|)/m.test(text)) return text;
  const lines = text.split('\n');
  const shown: string[] = [];
  for (let at = 0; at < lines.length;) {
    const end = tableEnd(lines, at);
    const table = lines.slice(at, end);
    shown.push(...(table.join('\n').length < leastCharacters ? table : [inOneLine(table)]));
    at = end;
  }
  return shown.join('\n');
}

/** The index after the table that starts at `start`; `start + 1` where none does. */
function tableEnd(lines: readonly string[], start: number): number {
  const [first = '', second = ''] = lines.slice(start, start + 2);
  const style = styles.find(({ header, rule }) => header.test(first) || (rule.test(first) && header.test(second)));
  if (style === undefined) return start + 1;
  const header = style.header.test(first) ? first : second;
  const columns = columnsOf(header);
  let end = start + (header === first ? 1 : 2);
  // Equal rows may have been counted already; see collapseLines.
  const isPart = (line: string): boolean =>
    style.rule.test(line) || style.isRow(line, columns) || line.startsWith('[the line above came ');
  while (end < lines.length && isPart(lines[end] ?? '')) end += 1;
  return end;
}

function inOneLine(table: readonly string[]): string {
  const totals = table.find((line) => total.test(line));
  const rest = `${String(table.length)} lines`;
  if (totals === undefined) return `[coverage table, ${rest}]`;
  const brief = totals
    .replace(/^[ℹ#] /, '')
    .replace(/\s+/g, ' ')
    .slice(0, maxTotals);
  return `[coverage table, ${rest}: ${brief.replace(/[ |]+$/, '')}]`;
}

/** Lines wider than 160 characters with their long runs of blanks and of drawn lines shortened, and none at their end. */
export function narrowLines(text: string): string {
  const runs = new RegExp(`([ =_─-])\\1{${String(leastRun - 1)},}`, 'g');
  return text
    .split('\n')
    .map((line) =>
      line.length > wideLine ? line.trimEnd().replace(runs, (_, character: string) => character.repeat(keptRun)) : line,
    )
    .join('\n');
}
