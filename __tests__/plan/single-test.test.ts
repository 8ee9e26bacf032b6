import { expect, test } from '@jest/globals';
import { singleTestCommands } from '../../src/plan/single-test.ts';

const commandsOf = (command: string, scripts: Readonly<Record<string, string>> = {}, paths: readonly string[] = []) =>
  singleTestCommands({ checks: [{ command }], scripts, paths });

test.each([
  ['vitest run --coverage', 'npx vitest run <file>'],
  ['pnpm lint && vitest run', 'npx vitest run <file>'],
  ['npm run build && npm run unit', 'npx jest --runInBand <file>'],
  ['jest', 'npx jest <file>'],
  ['node --import tsx --test "test/**/*.ts"', 'node --import tsx --test <file>'],
  ['mocha --require tsx test/**/*.js', 'npx mocha --require tsx <file>'],
  ['ava', 'npx ava <file>'],
])('the script %j runs one file as %j', (script, expected) => {
  expect(commandsOf('npm test', { test: script, unit: 'jest --runInBand' })).toEqual([expected]);
});

test.each([
  ['PYTHONPATH=. .venv/bin/python -m pytest', 'PYTHONPATH=. .venv/bin/python -m pytest <file>'],
  ['go test ./...', "go test ./<package> -run '^<TestName>$'"],
  ['cargo test --all', 'cargo test <name>'],
])('the check %j runs one as %j', (check, expected) => {
  expect(commandsOf(check)).toEqual([expected]);
});

test('nothing is said where it is not certain', () => {
  expect(commandsOf('npm test', { test: './run-tests.sh' })).toEqual([]);
  expect(commandsOf('npm test', { test: 'mocha' }, ['.mocharc.json'])).toEqual([]);
  expect(commandsOf('npm run a', { a: 'npm run b', b: 'npm run a' })).toEqual([]);
  expect(commandsOf('make test')).toEqual([]);
});
