import { describe, expect, test } from '@jest/globals';
import { requestNames } from '../../../src/plan/map/request-names.ts';

const namesOf = (title: string, body = '', instructions = '') => requestNames({ title, body, instructions });
const words = (...request: Parameters<typeof namesOf>) => namesOf(...request).map(({ name }) => name);

test('backquoted names come first, then names by their shape, then words of the title', () => {
  expect(words('Login crashes sometimes', 'See userName and MAX_SIZE after `parseToken`.')).toEqual([
    'parseToken',
    'userName',
    'MAX_SIZE',
    'Login',
    'crashes',
    'sometimes',
  ]);
});

test('short names count where they stand in backquotes, each word of a command less than a name alone', () => {
  expect(words('x', 'Like `re` and `z`, but `qs parse it`.')).toEqual(['re', 'qs parse it', 'qs', 'parse']);
});

test('a name is looked up in every way that code may write it', () => {
  const needles = (name: string) => namesOf('x', `\`${name}\``)[0]?.needles;
  expect(needles('subCommands')).toEqual(['subcommands', 'sub_commands', 'sub-commands']);
  expect(needles('MAX_SIZE')).toEqual(['max_size', 'maxsize', 'max-size']);
  expect(needles('--dry-run')).toEqual(['dry-run', 'dryrun', 'dry_run']);
  expect(needles('HTTPServer')).toEqual(['httpserver', 'http_server', 'http-server']);
});

test('the same name in two cases is one name', () => {
  expect(words('x', '`user_name`, userName, UserName')).toEqual(['user_name']);
});

test('a dotted name is looked up by its last part, a file by its name', () => {
  expect(words('x', '`meta.alias` of `login.ts`')).toEqual(['login.ts', 'meta.alias', 'alias', 'login']);
});

test('of a call its arguments are no names, and a common word that is called is only looked up as a definition', () => {
  const names = namesOf('x', 'Like `.version(str)`, `Option.helpGroup(heading)` and `.helpOption(flags)`.');
  expect(names.map(({ name, isOnlyDefined }) => `${name}${isOnlyDefined ? ' (defined)' : ''}`)).toEqual([
    'helpGroup',
    'helpOption',
    'version (defined)',
    'Option.helpGroup',
    'Option (defined)',
  ]);
});

test('a label in quotes is looked up at the end of a string', () => {
  expect(namesOf('x', 'One list under "Options:" then.')[0]?.needles).toEqual(["options:'", 'options:"', 'options:`']);
});

test('words that stand in quotes are looked up as they are', () => {
  expect(words('x', 'It says "unknown option given" then.')[0]).toBe('unknown option given');
});

describe('plain words', () => {
  test('of the body are looked up only where little else stands out, those said often first', () => {
    const body = 'The quick brown parser of the parser crashes';
    expect(words('x', body)).toEqual(['parser', 'quick', 'brown', 'crashes']);
    expect(words('x', `${body} with \`oneName\`, \`twoName\`, \`sixName\`, \`tenName\``)).not.toContain('parser');
  });

  test('are found in the singular', () => {
    expect(namesOf('Aliases and classes')[0]?.needles).toEqual(['aliase']);
  });

  test('that requests and code have everywhere are none', () => {
    expect(words('Please return value', 'it returns an object and should work')).toEqual([]);
  });
});

test('names of code blocks count by their shape, addresses not at all', () => {
  const body =
    'See https://example.com/someName/x\n\n```ts\nimport { defineCommand } from "x";\nconst plain = 1;\n```\n';
  expect(words('One `aa` `bb` `cc` `dd`', body)).toEqual(['aa', 'bb', 'cc', 'dd', 'defineCommand']);
});

test('comments and instructions are part of the request', () => {
  const request = { title: 'x', body: '', instructions: '`fromInstructions`' };
  const names = requestNames({ ...request, comments: [{ author: 'ada', body: '`fromComment`' }] });
  expect(names.map(({ name }) => name)).toEqual(['fromInstructions', 'fromComment']);
});

test('a request of small words has no names, and a long one at most 24', () => {
  expect(words('Task 0', 'Do it.')).toEqual([]);
  expect(words('x', Array.from({ length: 40 }, (_, i) => `word_${i}`).join(' '))).toHaveLength(24);
});

test('a run without blanks is passed over, whatever it is made of', () => {
  expect(words('x', `${'a_'.repeat(5_000)} and \`oneName\``)).toEqual(['oneName']);
});
