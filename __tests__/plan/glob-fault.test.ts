import picomatch from 'picomatch';
import { expect, test } from '@jest/globals';
import { globFault } from '../../src/plan/glob-fault.ts';

test.each([
  ...['**', 'src/**', 'src/**/tests/**', '**/*.test.*', '*-*.spec.ts', 'src/{a,b,c}/{d,e}.ts', 'Makefile'],
  ...[
    'app/(auth)/login/**',
    'app/[id]/[...slug]/page.tsx',
    'app/@modal/(.)login/**',
    'src/routes/+page.svelte',
    'a b.md',
  ],
])('%s is a glob as people write it', (glob) => expect(globFault(glob)).toBeNull());

test.each([
  ['*a*a*a*a*a*a*a*a*a*a*b', 'holds more than 3 `*` in one name'],
  ['**/a/**/b/**/c', 'holds more than 2 `**`'],
  ['+(a|aa)+(a|aa)b', 'holds patterns in round brackets or `+` behind brackets'],
  ['(a+)+b', 'holds patterns in round brackets or `+` behind brackets'],
  ['[a-z]+[a-z]+[a-z]+b', 'holds patterns in round brackets or `+` behind brackets'],
  ['{a,b}'.repeat(20), 'holds too many alternatives in braces'],
  ['{a,{b,{c,d}}}', 'holds too many alternatives in braces'],
  ['x'.repeat(301), 'is longer than 300 characters'],
])('%s is none', (glob, fault) => expect(globFault(glob)).toBe(fault));

test('what is left answers for the longest paths', () => {
  const path = `${'aaaaaaaaa/'.repeat(200)}${'a'.repeat(250)}c`;
  for (const glob of ['**/*a*a*b', '**/a*/**', '**/*a*b/**', '{a,b}/**/*a*a*b']) {
    expect(globFault(glob)).toBeNull();
    expect(picomatch([glob], { dot: true })(path)).toBe(glob === '**/a*/**');
  }
});
