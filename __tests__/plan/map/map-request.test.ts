import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mapRequest } from '../../../src/plan/map/map-request.ts';
import { makeBed, type Bed } from '../../adapters/git-bed.ts';

let bed: Bed;
const uses = (name: string, times: number) => `${name}(1);\n`.repeat(times);
beforeAll(async () => {
  bed = await makeBed({
    'src/alias.ts': 'export const other = 1;\n',
    'src/parse.ts': `${uses('line', 270)}// Splits.\nexport function splitArgs(a: string) {\n  return a;\n}\n`,
    'src/run.ts': uses('splitArgs', 9),
    'src/over.ts': `export function overLoad(a: string): void;\n${'// filler\n'.repeat(220)}export function overLoad(a: unknown): void {\n  run(a);\n}\n`,
    'src/re.ts': 'return 1;\nre();\n',
    'src/noise.ts': uses('return prefix', 30),
    'lib/deep/help.js': 'module.exports = 1;\n',
    'test/parse.test.ts': `import '../src/parse';\ntest('splits', () => {\n  splitArgs(1);\n});\n`,
    'package-lock.json': uses('splitArgs', 50),
    'docs/guide.md': `# Guide\n\n## Arguments\n${uses('splitArgs', 2)}`,
    'docs/tutorials.md': `# Tutorials\n\n## One\n${uses('splitArgs', 1)}`,
    ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`gen/f${i}.ts`, uses('common', 20)])),
  });
});
afterAll(() => bed.close());

const mapOf = async (body: string, title = 'x') =>
  mapRequest(
    { commit: bed.base, request: { title, body, instructions: '' }, entries: await bed.store.listFiles(bed.base) },
    bed.store,
  );
const headsOf = (files: string) => files.split('\n').filter((line) => /^src\/\S+ \(\d+ lines|^lib\//.test(line));

describe('the map', () => {
  test('puts the file with the definition before that with its uses, with length and tests', async () => {
    const { files } = await mapOf('`splitArgs` breaks');
    expect(headsOf(files)).toEqual([
      'src/parse.ts (274 lines; tests: test/parse.test.ts)',
      'src/run.ts (9 lines): shown whole below',
    ]);
    expect(files).toContain('Tests that name it (on so many lines): test/parse.test.ts (1)');
    expect(files).not.toContain('package-lock');
  });

  test('finds a name in whatever case the request writes it', async () => {
    for (const said of ['`split_args`', '`split-args`', '`SplitArgs`']) {
      expect(headsOf((await mapOf(said)).files)[0]).toContain('src/parse.ts');
    }
  });

  test('puts a rare name before one that many files have', async () => {
    const { files } = await mapOf('`common` and `splitArgs`');
    expect(headsOf(files)[0]).toContain('src/parse.ts');
  });

  test('takes short names as whole words, and files called by a name', async () => {
    const { files } = await mapOf('`re` and `alias`');
    expect(headsOf(files)).toEqual([
      'src/re.ts (2 lines): shown whole below',
      'src/alias.ts (1 lines): shown whole below',
    ]);
  });

  test('puts a file that the request names by its path first', async () => {
    expect(headsOf((await mapOf('`splitArgs` at lib/deep/help.js:1:2')).files)[0]).toContain('lib/deep/help.js');
  });

  test('shows the code of the definition', async () => {
    const { code } = await mapOf('`splitArgs` breaks');
    expect(code).toContain(
      '### src/parse.ts, lines 271-274 of 274\n271\t// Splits.\n272\texport function splitArgs(a: string) {',
    );
  });
});

test('shows tests of the code and, of documents, the sections that have a name', async () => {
  const { tests, files, paths } = await mapOf('`splitArgs` breaks');
  expect(tests).toContain("### test/parse.test.ts (4 lines)\n1\timport '../src/parse';");
  expect(tests).toContain('tests by line:\n  2: test: splits');
  expect(files).toContain('docs/guide.md (5 lines), sections with a name:\n  3: ## Arguments');
  expect(paths[0]).toBe('src/parse.ts');
});

test('of overloads the one with the code is shown', async () => {
  const { code } = await mapOf('`overLoad` breaks');
  expect(code).toContain('export function overLoad(a: unknown): void {\n223\t  run(a);');
  expect(code).not.toContain('overLoad(a: string)');
});

test('a request without names starts no process and reads no file', async () => {
  const refuse = () => Promise.reject(new Error('must not be asked'));
  const entries = await bed.store.listFiles(bed.base);
  const map = mapRequest(
    { commit: bed.base, request: { title: 'Task 0', body: 'Do it.', instructions: '' }, entries },
    { grep: refuse, readFile: refuse },
  );
  expect(await map).toEqual({ files: '', code: '', tests: '', paths: [] });
});

test('names that the commit does not have make no map', async () => {
  expect(await mapOf('`nowhereAtAll`')).toEqual({ files: '', code: '', tests: '', paths: [] });
});

test('of documents the one that the request calls by its name comes first', async () => {
  const { files } = await mapOf('`splitArgs` breaks. Say so in the tutorial.');
  expect(files.match(/^docs\/\S+/gm)).toEqual(['docs/tutorials.md', 'docs/guide.md']);
});
