// Tool `search`: lines of the tree that match a pattern.
import * as z from 'zod/mini';
import { cutLine } from '../cut-output.ts';
import { compileLinePattern } from './line-pattern.ts';
import { type Place, locate, logsName } from './locate.ts';
import { type FileHits, type SearchFindings, searchFiles } from './search-files.ts';
import { defineTool, success } from './tool.ts';

const maxHits = 100;
const maxContext = 10;
const maxLineCharacters = 500;
/** Room for a whole result; reached only by hits with long lines or much context. */
const maxCharacters = 30_000;

export const search = defineTool({
  name: 'search',
  description:
    'Find lines by regular expression (JavaScript syntax, case-sensitive, (?i) allowed) in the files below path. Skips .git, ' +
    'node_modules, binary and git-ignored files unless path names them. Shows at most 100 hits.',
  schema: z.object({
    pattern: z.string().check(z.minLength(1)),
    path: z.optional(z.string()).check(z.describe('file or directory; default: all')),
    glob: z.optional(z.string()).check(z.describe('e.g. *.ts or src/**/*.py')),
    mode: z.optional(z.enum(['content', 'files'])).check(z.describe('files: only names')),
    context: z.optional(z.int()).check(z.describe('lines around each hit, up to 10')),
  }),
  async execute(input, context) {
    const start = locate(input.path === undefined || input.path === '' ? '.' : input.path, context);
    const pattern = compileLinePattern(input.pattern);
    const onlyNames = input.mode === 'files';
    const limits = { glob: input.glob ?? null, maxHits, onePerFile: onlyNames, signal: context.signal };
    const findings = await searchFiles(start, pattern, limits);
    const around = Math.min(maxContext, Math.max(0, input.context ?? 0));
    const body = onlyNames ? names(findings, start) : contents(findings, start, around);
    return success([pattern.remark, ...body, summary(findings)].filter((part) => part !== null).join('\n'));
  },
});

const nameOf = (file: FileHits, start: Place): string =>
  start.name === logsName || start.name.startsWith(`${logsName}/`) ? `${logsName}/${file.path}` : file.path;

const names = (findings: SearchFindings, start: Place): readonly string[] =>
  findings.files.map((file) => nameOf(file, start));

function contents(findings: SearchFindings, start: Place, around: number): readonly string[] {
  const shown: string[] = [];
  let characters = 0;
  for (const file of findings.files) {
    for (const line of [nameOf(file, start), ...fileLines(file, around)]) {
      characters += line.length + 1;
      if (characters > maxCharacters)
        return [...shown, `[cut at ${String(maxCharacters)} characters: narrow the search]`];
      shown.push(line);
    }
  }
  return shown;
}

/** Hits as `12: text`, their surroundings as `13- text`, gaps as `--`. */
function fileLines(file: FileHits, around: number): readonly string[] {
  const hits = new Set(file.hits);
  const shown = new Set(file.hits.flatMap((hit) => range(hit - around, hit + around, file.lines.length)));
  const output: string[] = [];
  let previous: number | null = null;
  for (const index of [...shown].sort((a, b) => a - b)) {
    if (around > 0 && previous !== null && index > previous + 1) output.push('--');
    const mark = hits.has(index) ? ':' : '-';
    output.push(`${String(index + 1)}${mark} ${cutLine(file.lines[index] ?? '', maxLineCharacters)}`);
    previous = index;
  }
  return output;
}

function range(from: number, to: number, length: number): readonly number[] {
  const start = Math.max(0, from);
  return Array.from({ length: Math.min(length - 1, to) - start + 1 }, (_, index) => start + index);
}

function summary(findings: SearchFindings): string {
  const slow =
    findings.tooSlow.length === 0 ? '' : ` The pattern was too slow for ${findings.tooSlow.join(', ')}: simplify it.`;
  const counted = `${String(findings.hits)} hits in ${String(findings.files.length)} of ${String(findings.filesSearched)} files searched`;
  switch (findings.stopped) {
    case 'hits':
      return `[the first ${counted}; there are more: narrow the pattern, path or glob]${slow}`;
    case 'time':
      return `[${counted}; stopped after 20 s: narrow path or glob]${slow}`;
    case 'aborted':
      return `[${counted}; stopped]`;
    case null:
      return `[${counted}]${slow}`;
  }
}
