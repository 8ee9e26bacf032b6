// What a file is for, by its path alone.

export type FileKind = 'source' | 'test' | 'aside' | 'text' | 'noise';

/** Written by programs, or a record of the past: never where a change is made. */
const NOISE =
  /(^|\/)(node_modules|dist|build|vendor|third_party|__snapshots__|coverage)\/|(^|\/)[^/]*([-.]lock|lock\.(json|ya?ml))$|(^|\/)(go\.sum|(change|history|authors|contributors|license)[^/]*)$|\.(min\.(js|css)|map|snap|svg|po|csv|tsv|jsonl|ipynb)$/i;
const TEST =
  /(^|\/)(tests?|specs?|__tests__|e2e|testdata|fixtures)\/|[._-](test|spec)s?(-d)?\.\w+$|(^|\/)tests?\.[cm]?[jt]sx?$|(^|\/)test_[^/]*\.py$|(Test|Tests|Spec)\.(java|kt|scala|cs|php|swift)$/;
/** Beside the product, or written by a program: shown after it. */
const ASIDE =
  /(^|\/)(examples?|samples?|demos?|playgrounds?|bench(marks?)?|docs?|website|scripts?|runtime-tests?|perf-measures|generated|__generated__)\/|(^|[/._-])bench(mark)?(s|er)?\.\w+$|\.(gen|generated)\.\w+$/i;
const TEXT = /\.(md|mdx|rst|txt|adoc|json|jsonc|ya?ml|toml|ini|cfg|html?|xml)$|(^|\/)\.[^/]*$/i;

/** Whether a file only declares what others define. */
export const isDeclaration = (path: string): boolean => /\.(d\.[cm]?ts|pyi)$/.test(path);

/** The kind of a path. `aside`: examples, benchmarks, documentation sites; `text`: prose and data. */
export function kindOf(path: string): FileKind {
  if (NOISE.test(path)) return 'noise';
  if (TEST.test(path)) return 'test';
  if (ASIDE.test(path)) return 'aside';
  return TEXT.test(path) ? 'text' : 'source';
}
