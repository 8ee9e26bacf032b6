// How tests are declared and switched off in the languages whose checks we run.
import { isTestFile } from '../policy/test-paths.ts';

/** What one side of a changed file declares: each entry is a test's name, or null where none can be told. */
export interface Declarations {
  readonly tests: readonly string[];
  /** What is switched off, as plain words about a test: `"adds" is skipped`. */
  readonly disabled: readonly string[];
}

interface Language {
  readonly file: RegExp;
  readonly comment: RegExp;
  readonly tests: RegExp;
  readonly disabled: readonly { readonly pattern: RegExp; readonly words: string }[];
}

/** Not a method of something else, as in `pattern.test('x')`. */
const own = '(?<![.\\w$])';
const name = `(?:(['"\`])((?:(?!\\1).)+)\\1|[^'"\`\\s)][^,)]*)`;
const skipped = 'is skipped';

const javascript: Language = {
  file: /\.[cm]?[jt]sx?$/,
  comment: /^\s*(\/\/|\/?\*)/,
  tests: /(?<![.\w$])(?:it|test|specify|xit|xtest|fit)(?:\.(?!todo)\w+)*(?:\([^()]*\))?\(\s*(['"`])((?:(?!\1).)+)\1/g,
  disabled: [
    {
      pattern: new RegExp(
        `${own}(?:it|test|describe|suite|context|specify)\\.(?:\\w+\\.)*skip(?:If|\\.each\\b.*)?(?:\\([^()]*\\))?\\(\\s*${name}`,
        'g',
      ),
      words: skipped,
    },
    {
      pattern: new RegExp(`${own}x(?:it|test|describe|specify|context)(?:\\.\\w+)*\\(\\s*${name}`, 'g'),
      words: skipped,
    },
    { pattern: new RegExp(`${own}(?:it|test)\\.todo\\(\\s*${name}`, 'g'), words: 'is only a todo' },
    {
      pattern: new RegExp(
        `${own}(?:(?:it|test|describe|suite|context|specify)\\.(?:\\w+\\.)*only(?:\\.\\w+)*|f(?:it|describe))\\(\\s*${name}`,
        'g',
      ),
      words: 'runs alone (.only); the other tests of the file do not run',
    },
    {
      pattern:
        /(?<![.\w$])(?:it|test|describe|suite)\(\s*(['"`])((?:(?!\1).)+)\1,\s*\{[^{}]*\b(?:skip|todo)\s*:\s*(?!false)/g,
      words: skipped,
    },
  ],
};

const python: Language = {
  file: /\.py$/,
  comment: /^\s*#/,
  tests: /\bdef ()(test\w*)\s*\(/g,
  disabled: [
    {
      pattern:
        /@(?:pytest\.mark\.(?:skip|skipif|xfail)|unittest\.(?:skip\w*|expectedFailure))\b(?:(?!\bdef |\bclass )[\s\S]){0,2000}?(?:def|class) ()(\w+)/g,
      words: skipped,
    },
    {
      pattern:
        /\bdef ()(test\w*)(?:(?!\bdef )[\s\S]){0,2000}?(?:pytest\.(?:skip|xfail|importorskip)|self\.skipTest)\(/g,
      words: skipped,
    },
    { pattern: /^(?:pytestmark\s*=.*(?:skip|xfail)|pytest\.skip\()()()/gm, words: 'all tests of the file are skipped' },
  ],
};

const go: Language = {
  file: /_test\.go$/,
  comment: /^\s*\/\//,
  tests: /^func ()(Test\w+|Fuzz\w+)\(/gm,
  disabled: [{ pattern: /^func ()(Test\w+)\((?:(?!^func )[\s\S]){0,2000}?\b[tf]\.Skip(?:f|Now)?\(/gm, words: skipped }],
};

const rust: Language = {
  file: /\.rs$/,
  comment: /^\s*\/\//,
  tests: /#\[(?:\w+::)?test(?:\([^)]*\))?\]\s*(?:#\[[^\]]*\]\s*)*(?:pub )?(?:async )?fn ()(\w+)/g,
  disabled: [{ pattern: /#\[ignore[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub )?(?:async )?fn ()(\w+)/g, words: skipped }],
};

const languages: readonly Language[] = [javascript, python, go, rust];
/** Tests declared and switched off in a piece of source; comments do not count. Nothing for unknown languages. */
export function readDeclarations(path: string, source: string): Declarations {
  const language = languages.find((one) => one.file.test(path));
  if (language === undefined || !(isTestFile(path) || language === rust)) return { tests: [], disabled: [] };
  const code = source
    .split('\n')
    .filter((line) => !language.comment.test(line))
    .join('\n');
  return {
    tests: [...code.matchAll(language.tests)].map((match) => match[2] ?? ''),
    disabled: language.disabled.flatMap(({ pattern, words }) =>
      [...code.matchAll(pattern)].map((match) => (match[2] ? `"${match[2]}" ${words}` : words)),
    ),
  };
}
