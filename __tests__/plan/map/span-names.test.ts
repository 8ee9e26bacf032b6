import { describe, expect, test } from '@jest/globals';
import { spanNames } from '../../../src/plan/map/span-names.ts';

const namesOf = (span: string) => spanNames(span).map(({ name, share }) => `${name} ${share.toFixed(1)}`);

describe('of a call', () => {
  test.each([
    ['.version(str)', ['version 1.0']],
    ['.helpOption(true)', ['helpOption 1.0']],
    ['Option.helpGroup(heading)', ['Option.helpGroup 1.0']],
    ["program.optionsGroup('Greek:')", ['program.optionsGroup 1.0']],
    ["program.command('x').action(run)", ['program.command 0.7', 'action 0.7']],
    ['run(): Promise<Result>', ['run 1.0', 'Promise 0.3', 'Result 0.3']],
    ['get<T>(key)', ['get 1.0']],
  ])('%j the called name counts, an argument does not', (span, expected) => {
    expect(namesOf(span)).toEqual(expected);
  });

  test('what is called inside, and keys, count less', () => {
    expect(namesOf('parse(read(url), { strict: true, mode })')).toEqual(['parse 1.0', 'read 0.5', 'strict 0.4']);
    expect(namesOf('click.edit(filename=name, env)')).toEqual(['click.edit 1.0', 'filename 0.4']);
  });

  test('the name is one even where it is a common word', () => {
    expect(spanNames('.version(str)')).toEqual([{ name: 'version', share: 1, isMember: true }]);
    expect(spanNames('.version')).toEqual([{ name: 'version', share: 1, isMember: true }]);
    expect(spanNames('version')).toEqual([{ name: 'version', share: 1, isMember: false }]);
  });
});

test.each([
  ['qs parse it', ['qs 0.6', 'parse 0.6', 'it 0.6']],
  ['meta.alias', ['meta.alias 1.0']],
  ["'Greek:'", ['Greek 1.0']],
  ['--dry-run', ['dry-run 1.0']],
])('of %j, which calls nothing, all names count alike', (span, expected) => {
  expect(namesOf(span)).toEqual(expected);
});

test('of a path the end counts, its folders less', () => {
  expect(namesOf('src/auth/login.ts')).toEqual(['src 0.4', 'auth 0.4', 'login.ts 1.0']);
  expect(namesOf('examples/')).toEqual(['examples 0.4']);
});

test('an unclosed span ends somewhere', () => {
  expect(namesOf('run(a, "b')).toEqual(['run 1.0']);
});
