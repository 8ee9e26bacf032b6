// The diff policy on real commits: what blocks, what is flagged, and what is neither.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiffJudgement } from '../../src/types.ts';
import { allowAll, makeDiffBed, policyOf, told, type DiffBed, type Step } from './diff-bed.ts';

const files = {
  'README.md': '# Sample\n',
  'package.json': '{"name":"sample","scripts":{"test":"node --test"}}\n',
  'src/greet.js': 'export const greet = () => "hello";\n',
  'src/auth/login.js': 'export const login = () => true;\n',
  'test/greet.test.js': 'test("greets", () => {});\n',
  'tools/run.sh': 'echo run\n',
  'bin/start.sh': 'echo start\n',
  '.github/workflows/ci.yml': 'on: push\n',
  '.storybook/main.js': 'export default {};\n',
  '.gitignore': 'node_modules\n',
};

let bed: DiffBed;
beforeAll(async () => {
  bed = await makeDiffBed(files);
});
afterAll(() => bed.close());

/** What is said of a change to a repository with other files. */
async function judgedIn(other: Readonly<Record<string, string>>, step: Step): Promise<DiffJudgement> {
  const own = await makeDiffBed(other);
  const judgement = await own.judge(await own.commit(step));
  await own.close();
  return judgement;
}

const judged = async (...steps: readonly Step[]) => bed.judge(await bed.commit(...steps));
const blocks = async (...steps: readonly Step[]) => told((await judged(...steps)).blocks);
const flags = async (...steps: readonly Step[]) => told((await judged(...steps)).flags);
const writing = (path: string, content = 'x\n'): Step => ({ write: { [path]: content } });

describe('an ordinary change', () => {
  test.each([
    ['source', writing('src/greet.js', 'export const greet = () => "hi";\n')],
    ['a new test', writing('test/login.test.js', 'test("logs in", () => {});\n')],
    ['a new module about logging in', writing('src/auth/session.js', 'export {};\n')],
    ['.gitignore and .gitkeep', { write: { '.gitignore': 'dist\n', 'data/.gitkeep': '' } }],
    ['a dot directory that is there', writing('.storybook/preview.js')],
    ['an executable script that is new', { write: { 'tools/new.sh': { script: 'echo\n' } } }],
    ['a program in bin', { executable: ['bin/start.sh'] }],
    ['a link within the repository', { write: { 'docs/readme': { linkTo: '../README.md' } } }],
    ['emoji, accents and other scripts', writing('src/words.js', '// 👩‍💻 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 café क्‍ष می‌خواهم 葛󠄀 שלום‏!\n')],
    ['a byte order mark', writing('src/bom.cs', '\ufeffclass A {}\n')],
    ['nothing', {}],
  ] satisfies (readonly [string, Step])[])('with %s is neither blocked nor flagged', async (_name, step) => {
    expect(await judged(step)).toEqual(allowAll);
  });
});

describe('a path', () => {
  test.each([
    '.github/dependabot.yml',
    '.GitHub/workflows/x.yml',
    '.ｇithub/workflows/x.yml',
    '.git\u200dhub/workflows/x.yml',
    '.github./workflows/x.yml',
    'CODEOWNERS',
    'docs/CODEOWNERS',
    '.gitmodules',
    'src/.gitattributes',
    '.gitlab-ci.yml',
    '.GitIgnore',
    '.husky/pre-commit',
    'packages/a/.husky/pre-commit',
    '.githooks/pre-push',
    '.pre-commit-config.yaml',
    'lefthook.yml',
    '.lefthook-local.toml',
    '.npmrc',
    'packages/a/.npmrc',
    '.yarnrc.yml',
    '.yarn/releases/yarn.cjs',
    '.pnpmfile.cjs',
    'bunfig.toml',
    'pip.conf',
    '.cargo/config.toml',
    '.mcp.json',
    '.claude/settings.json',
    'src/CLAUDE.md',
    'Agents.md',
    'GEMINI.md',
    '.cursorrules',
    '.cursor/rules/x.mdc',
    '.windsurfrules',
    '.vscode/tasks.json',
    '.idea/workspace.xml',
    '.devcontainer/devcontainer.json',
    'orchestrator-config.json',
    '.ai-agents/agents/backend-dev.md',
  ])('%s is protected', async (path) => {
    expect(await blocks(writing(path))).toContain(`protected-path ${path}`);
  });

  test('counts where it is removed or moved away, too', async () => {
    expect(await blocks({ remove: ['.github'] })).toEqual(['protected-path .github/workflows/ci.yml']);
    const moved = await blocks({ remove: ['.github'], write: { 'ci/ci.yml': 'on: push\n' } });
    expect(moved).toEqual(['protected-path .github/workflows/ci.yml']);
  });

  test('counts in every commit, though a later one takes it back', async () => {
    const head = await bed.commit(writing('.github/workflows/x.yml'), { remove: ['.github/workflows/x.yml'] });
    const { blocks: found } = await bed.judge(head);
    expect(told(found)).toEqual(['protected-path .github/workflows/x.yml']);
    expect(found[0]?.words).toMatch(/\(In the commit [0-9a-f]{10}; a later one undoes it\.\)$/);
  });

  test('in a new top-level dot directory is blocked, and deeper it is not', async () => {
    expect(await blocks({ write: { '.foo/x.yml': 'x\n', 'src/.bar/x.yml': 'x\n' } })).toEqual([
      'new-dot-directory .foo/x.yml',
    ]);
  });

  test('that the configuration excludes is not blocked, and its look-alike is', async () => {
    const head = await bed.commit({ write: { '.github/labels.yml': 'a', '.foo/x': 'a', '.GitHub/labels.yml': 'b' } });
    const policy = policyOf({ protected_paths_exclude: ['.github/labels.yml', '.foo/**'] });
    expect(told((await bed.judge(head, policy)).blocks)).toEqual([
      'protected-path .GitHub/labels.yml',
      'new-dot-directory .GitHub/labels.yml',
    ]);
  });

  test('that the configuration protects is blocked', async () => {
    const policy = policyOf({ protected_paths: ['src/Greet.js'] });
    expect(told((await bed.judge(await bed.commit(writing('src/greet.js')), policy)).blocks)).toEqual([
      'protected-path src/greet.js',
    ]);
  });

  test('whose name holds what is not seen is blocked', async () => {
    expect(await blocks(writing('src/ap\u200bp.js'))).toEqual(['unsafe-name src/ap\u200bp.js']);
  });
});

describe('a mode', () => {
  test('of another repository is blocked, added or moved on', async () => {
    expect(await blocks({ gitlinks: { 'vendor/lib': bed.base } })).toEqual(['gitlink vendor/lib']);
  });

  test.each(['/etc/passwd', '../../x', '../src/../../x', '../.git/config'])(
    'of a link to %s is blocked',
    async (to) => {
      expect(await blocks({ write: { 'docs/x': { linkTo: to } } })).toEqual(['link docs/x']);
    },
  );

  test('that makes a file runnable outside of bin and scripts is blocked', async () => {
    expect(await blocks({ executable: ['tools/run.sh', 'bin/start.sh'] })).toEqual(['executable tools/run.sh']);
  });

  test('that makes a link of a file with the same bytes is seen', async () => {
    const step = { remove: ['docs/x'], write: { 'docs/x': { linkTo: '/etc/passwd' } } };
    expect(told((await judgedIn({ 'docs/x': '/etc/passwd' }, step)).blocks)).toEqual(['link docs/x']);
  });
});

describe('content', () => {
  test.each([
    ['\u202e', 'U+202E'],
    ['\u2066', 'U+2066'],
    ['\u200b', 'U+200B'],
    ['\u{e0041}', 'U+E0041'],
    ['\u00ad', 'U+00AD'],
    ['\u3164', 'U+3164'],
    ['\ufe0f', 'U+FE0F'],
  ])('with %j is blocked by its line', async (hidden, name) => {
    const { blocks: found } = await judged(writing('src/greet.js', `${files['src/greet.js']}const a${hidden}b = 1;\n`));
    expect(told(found)).toEqual(['hidden-characters src/greet.js:2']);
    expect(found[0]?.words).toContain(name);
  });

  test('with hidden characters in a fixture of tests is flagged', async () => {
    const { blocks: blocked, flags: flagged } = await judged(writing('test/fixtures/bad.txt', 'a\u202eb\n'));
    expect([told(blocked), told(flagged)]).toEqual([[], ['hidden-characters test/fixtures/bad.txt:1']]);
  });

  test('that hidden characters were in before is let be', async () => {
    const before = 'const a\u200b = 1;\n';
    expect(await judgedIn({ 'a.js': before }, writing('a.js', `${before}const b = 2;\n`))).toEqual(allowAll);
  });

  test('that looks like a secret is blocked by its line, without its value', async () => {
    const key = `ghp_${'a1B2'.repeat(9)}`;
    const { blocks: found } = await judged(writing('src/greet.js', `${files['src/greet.js']}// ${key}\n`));
    expect(told(found)).toEqual(['secret src/greet.js:2']);
    expect(JSON.stringify(found)).not.toContain(key.slice(4));
  });

  test('that is a secret of ours is told as such, in text, link and binary', async () => {
    const key = `sk-ant-api03-${'q7Zx-4'.repeat(6)}`;
    const head = await bed.commit({
      write: {
        'a.txt': `one\n${key.slice(0, 26)}\n${key.slice(26)}\n`,
        'b.bin': Buffer.from(`\0\0${key}`),
        c: { linkTo: key },
      },
    });
    const { blocks: found } = await bed.judge(head, policyOf(), [key]);
    expect(found.filter(({ own }) => own === true).map(({ path }) => path)).toEqual(['a.txt', 'b.bin', 'c']);
    expect(JSON.stringify(found)).not.toContain(key.slice(13, 26));
  });

  test('of a line too long to be read, and of a binary file, is flagged', async () => {
    const step = { write: { 'a.css': `ok\n${'x'.repeat(2_001)}\n`, 'b.png': Buffer.from([0x89, 0, 1, 2]) } };
    expect(await flags(step)).toEqual(['long-line a.css:2', 'binary b.png']);
  });

  test('that an attribute calls binary is looked at all the same', async () => {
    const attributed = { '.gitattributes': '*.js -diff -text\n', 'a.js': 'a\n' };
    const { blocks: found } = await judgedIn(attributed, writing('a.js', 'a\u202eb\n'));
    expect(told(found)).toEqual(['hidden-characters a.js:1']);
  });
});

describe('a flag', () => {
  test.each([
    ['a manifest', 'pyproject.toml', 'manifest'],
    ['a lockfile', 'Cargo.lock', 'lockfile'],
    ['a build script', 'tools/Makefile', 'build-script'],
    ['a container file', 'docker/Dockerfile.dev', 'container'],
    ['a migration', 'db/migrate/001_users.rb', 'migration'],
  ])('is put on %s', async (_name, path, rule) => {
    expect(await flags(writing(path))).toEqual([`${rule} ${path}`]);
  });

  test('is put on code that keeps others out only where it was there before', async () => {
    expect(await flags({ write: { 'src/auth/login.js': 'x\n', 'src/auth/new.js': 'x\n' } })).toEqual([
      'auth src/auth/login.js',
    ]);
  });

  test('names the scripts of package.json that run by themselves, and new dependencies', async () => {
    const changed = {
      name: 'sample',
      scripts: { test: 'node --test', postinstall: 'node x.js' },
      dependencies: { a: '1' },
    };
    const { flags: found } = await judged(writing('package.json', JSON.stringify(changed)));
    expect(found.map(({ rule, words }) => `${rule}: ${words}`)).toEqual([
      'package-script: It changes scripts that run by themselves at an install: "postinstall".',
      'manifest: It changes dependencies: "a".',
    ]);
  });

  test('is not put on a package.json that is only formatted', async () => {
    expect(await flags(writing('package.json', JSON.stringify(JSON.parse(files['package.json']), null, 2)))).toEqual(
      [],
    );
  });
});

describe('size', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`src/f${i}.js`, `${i}\n`]));

  test('of a hundred files is fine, and one more is too many', async () => {
    expect(await blocks({ write: many(100) })).toEqual([]);
    expect(await blocks({ write: many(101) })).toEqual(['too-many-files ']);
  });

  test('in bytes and lines is held to its caps, where a lockfile counts by its bytes alone', async () => {
    expect(await blocks(writing('src/a.txt', 'a\n'.repeat(10_001)))).toEqual(['too-many-lines ']);
    expect(await blocks(writing('yarn.lock', 'a\n'.repeat(10_001)))).toEqual([]);
    const line = `${'a'.repeat(1_023)}\n`;
    expect(await blocks(writing('src/a.txt', line.repeat(4 * 1_024 + 1)))).toEqual(['too-many-bytes ']);
    expect(await blocks(writing('src/a.bin', '\0'.repeat(11 * 1_024 * 1_024)))).toEqual(['too-many-bytes ']);
  });

  test('in commits is held to its cap', async () => {
    const steps = Array.from({ length: 21 }, (_, i) => writing('src/a.txt', `${i}\n`));
    expect(await blocks(...steps.slice(1))).toEqual([]);
    expect(await blocks(...steps)).toEqual(['too-many-commits ']);
  });
});
