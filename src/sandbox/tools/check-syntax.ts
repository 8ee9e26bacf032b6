// Whether a changed file can be parsed: told to the model at once, since it would find out only turns later.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import type { ToolContext } from './tool.ts';

/** What is wrong, in one line; null when nothing is; undefined when that cannot be told. */
type Verdict = string | null | undefined;

/** Judges a text without running any of it; no file of the tree is opened, and no setting of it read. */
type Parser = (text: string, run: RunParser) => Verdict | Promise<Verdict>;

/** Runs a parser on its standard input. Null when it is not there or takes too long. */
type RunParser = (file: string, args: readonly string[], input: string) => Promise<Finished | null>;

interface Finished {
  readonly failed: boolean;
  readonly stderr: string;
}

/** Time for all parsers of one file. A parser takes 20 to 60 ms; an edit must not wait for a stuck one. */
const maxMs = 1_000;
/** Larger files are data or generated. */
const maxCharacters = 1024 * 1024;

const parsers: readonly (readonly [RegExp, Parser])[] = [
  [/\.json$/, (text) => jsonProblem(text)],
  [/\.(js|mjs|cjs)$/, javaScriptProblem],
  [/\.pyi?$/, pythonProblem],
  [/\.(sh|bash)$/, shellProblem],
];

/**
 * Null where nothing is to be said: no parser for the name, a parser that is missing or slow, or a file that could not be
 * parsed before either (JSON with comments, a dialect). `before` is null for a new file.
 */
export async function checkSyntax(
  name: string,
  before: string | null,
  after: string,
  context: Pick<ToolContext, 'env'>,
): Promise<{ readonly problem: string | null } | null> {
  const parser = parsers.find(([pattern]) => pattern.test(name))?.[1];
  if (parser === undefined || after.length > maxCharacters) return null;
  const run = createRunParser(context.env);
  const problem = await parser(withoutMark(after), run);
  if (problem === undefined) return null;
  if (problem === null) return { problem: null };
  if (before === null) return isDialect(name, after) ? null : { problem };
  return (await parser(withoutMark(before), run)) === null ? { problem } : null;
}

const withoutMark = (text: string): string => text.replace(/^\ufeff/, '');

/** New files that look wrong to a parser and need not be: JSON with comments, JSX and Flow. */
function isDialect(name: string, text: string): boolean {
  if (name.endsWith('.json')) return /^\s*(\/\/|\/\*)/m.test(text);
  return /\.(js|mjs|cjs)$/.test(name) && /<\/|\/>|@flow/.test(text);
}

function createRunParser(env: ToolContext['env']): RunParser {
  const deadline = performance.now() + maxMs;
  return (file, args, input) =>
    new Promise((resolve) => {
      const timeout = Math.max(1, Math.ceil(deadline - performance.now()));
      const options = {
        cwd: '/',
        env: { PATH: env['PATH'] ?? '', LANG: 'C.UTF-8' },
        timeout,
        killSignal: 'SIGKILL',
      } as const;
      const child = execFile(file, args, options, (error, _, stderr) => {
        if (error === null) resolve({ failed: false, stderr });
        else resolve(typeof error.code === 'number' ? { failed: true, stderr } : null);
      });
      // A parser that ends before it has read all is judged by its exit code.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
}

function jsonProblem(text: string): Verdict {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** As a module or as a script: which of them it is, the project may say in ways that only its tools know. */
async function javaScriptProblem(text: string, run: RunParser): Promise<Verdict> {
  const isModule = /^\s*(import|export)\b/m.test(text);
  const types = isModule ? ['module', 'commonjs'] : ['commonjs', 'module'];
  let first: Verdict = null;
  for (const type of types) {
    const result = await run(process.execPath, ['--check', `--input-type=${type}`, '-'], text);
    if (result === null) return undefined;
    if (!result.failed) return null;
    first ??= javaScriptMessage(result.stderr);
  }
  return first;
}

function javaScriptMessage(stderr: string): Verdict {
  const line = /^\[stdin\]:(\d+)/m.exec(stderr)?.[1];
  const message = /^SyntaxError: .*/m.exec(stderr)?.[0];
  return line === undefined || message === undefined ? undefined : `line ${line}: ${message}`;
}

const python =
  'import ast,sys\ntry: ast.parse(sys.stdin.buffer.read())\n' +
  "except SyntaxError as e: print(f'line {e.lineno}: {e.msg}', file=sys.stderr); sys.exit(3)";

async function pythonProblem(text: string, run: RunParser): Promise<Verdict> {
  const result = await run('python3', ['-I', '-S', '-W', 'ignore', '-c', python], text);
  if (result === null) return undefined;
  if (!result.failed) return null;
  return /^line \d+: .*$/m.exec(result.stderr)?.[0];
}

async function shellProblem(text: string, run: RunParser): Promise<Verdict> {
  if (/^#!(?!.*\b(ba|da)?sh\b)/.test(text)) return undefined;
  const shell = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path));
  const result = shell === undefined ? null : await run(shell, ['--norc', '-n'], text);
  if (result === null) return undefined;
  return result.failed ? (result.stderr.split('\n')[0] ?? '').replace(/^.*?bash: /, '') : null;
}
