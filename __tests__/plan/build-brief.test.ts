import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildBrief } from '../../src/plan/build-brief.ts';
import { makeBed, type Bed } from '../adapters/git-bed.ts';
import { issueOf } from '../support/spine.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed({
    'AGENTS.md': 'Use tabs.\n',
    'long.md': 'x'.repeat(12_001),
    'longer.md': 'y'.repeat(20_000),
    'longest.md': 'z'.repeat(20_000),
    'empty.md': ' \n',
    'src/login.ts': 'export const userName = 1;\n',
    'src/session.ts': 'userName;\nuserName;\nuserName;\n',
    'src/other.ts': 'nothing\n',
    ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`gen/file${i}.ts`, 'userName\nuserName\n'])),
  });
});
afterAll(() => bed.close());

const input = () => ({
  commit: bed.base,
  issue: issueOf({ title: 'Broken login', body: 'It is `userName`.' }),
  contextPaths: ['AGENTS.md', 'missing.md', 'empty.md'],
  checks: [{ name: 'test', command: 'npm test' }],
  protectedFound: [],
  setupCommand: 'npm ci',
  environment: ['node v20', 'linux'],
});

test('the brief holds machine, commands, tree, likely places and instruction files of the commit', async () => {
  const brief = await buildBrief(input(), bed.store);
  for (const line of [
    '- node v20\n- linux\n- dependencies are installed by: `npm ci`\n',
    'Checks that judge the result:\n- test: `npm test`',
    '## Files (48)',
    '## AGENTS.md\nUse tabs.',
  ]) {
    expect(brief).toContain(line);
  }
  expect(brief).not.toContain('missing.md\n');
  expect(brief).not.toContain('## empty.md');
});

test('likely places come by words in their path, then by matching lines, and there are at most 25', async () => {
  const brief = await buildBrief(input(), bed.store);
  const places = /\(matching lines\)\n([^#]*)\n\n/.exec(brief)?.[1]?.split('\n') ?? [];
  expect(places.slice(0, 3)).toEqual(['src/login.ts (1)', 'src/session.ts (3)', 'gen/file0.ts (2)']);
  expect(places).toHaveLength(25);
  expect(brief).not.toContain('src/other.ts (');
});

test('instruction files are cut at 12,000 characters each and 30,000 together, and the cut is said', async () => {
  const brief = await buildBrief(
    { ...input(), contextPaths: ['long.md', 'longer.md', 'longest.md', 'AGENTS.md'] },
    bed.store,
  );
  const count = (letter: string) => [...brief].filter((character) => character === letter).length;
  expect(brief).toContain(`${'x'.repeat(12_000)}\n[cut here; read the file for the rest]`);
  expect(brief).toContain(`${'y'.repeat(12_000)}\n[cut here`);
  expect(count('z')).toBe(6_000);
  expect(brief).not.toContain('Use tabs.');
});

test('says where nothing is known, and leaves out what nothing was found for', async () => {
  const plain = {
    ...input(),
    checks: [],
    protectedFound: [],
    setupCommand: null,
    contextPaths: [],
    issue: issueOf({ title: 'x', body: '' }),
  };
  const brief = await buildBrief(plain, bed.store);
  expect(brief).toContain('- no dependencies to install\n- no checks were found');
  expect(brief).not.toContain('matching lines');
});

test('equal inputs give equal bytes', async () => {
  expect(await buildBrief(input(), bed.store)).toBe(await buildBrief(input(), bed.store));
});
