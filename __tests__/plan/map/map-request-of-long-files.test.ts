// What the map shows of files that are too long to be shown whole, with a class, its declaration and its tests.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mapRequest, type RequestMap } from '../../../src/plan/map/map-request.ts';
import { makeBed, type Bed } from '../../adapters/git-bed.ts';

const method = (name: string, lines: number, inside = 'run(flags)') =>
  `  ${name}(flags) {\n${`    ${inside};\n`.repeat(lines)}  }\n\n`;
const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => method(`${name}${String.fromCharCode(65 + i)}x`, 6)).join('');

const source = `class Command {
  constructor() {
    this._helpOption = null;
  }

${many('prepareAllOf', 26)}${method('helpOption', 4)}${method('_getHelpOption', 4)}${method('version', 3)}${many('finishAllOf', 26)}${method('lastOfOptions', 4, 'stop()')}${method('printGroups', 60, "title('Options:')")}}
`;
const request = `Show groups of options in the help

\`.helpOption(flags)\` and \`.version(str)\` go in that group, not under "Options:".`;

let bed: Bed;
let map: RequestMap;
beforeAll(async () => {
  bed = await makeBed({
    'lib/command.js': source,
    'lib/other.js': 'const flags = str;\n'.repeat(40),
    'typings/command.d.ts': `export class Command {\n${'  helpOption(flags: string): this;\n'.repeat(40)}}\n`,
    'typings/command.test-d.ts': 'expectType<Command>(program.helpOption(flags));\n'.repeat(20),
    'tests/help.test.js': "test('helpOption', () => {\n  program.helpOption('-h');\n});\n",
    'tests/flags.test.js': "test('flags', () => {\n  run(flags);\n});\n",
  });
  const [title = '', ...body] = request.split('\n');
  map = await mapRequest(
    {
      commit: bed.base,
      request: { title, body: body.join('\n'), instructions: '' },
      entries: await bed.store.listFiles(bed.base),
    },
    bed.store,
  );
});
afterAll(() => bed.close());

const headsOf = (text: string) => text.match(/^###.*$/gm) ?? [];

test('arguments in the code of a request are looked up nowhere', () => {
  expect(map.files).not.toContain('lib/other.js');
  expect(map.tests).not.toContain('flags.test.js');
});

test('the definitions of a long file are listed, those that hold a word of the request in any case', () => {
  const [list = ''] = map.files.match(/ {2}other definitions by line: .*/) ?? [];
  expect(list).toMatch(/: 6 prepareAllOfAx, .* \d+ lastOfOptions \(\d+ more\)$/);
  expect(list.length).toBeLessThan(850);
});

test('the code of what is named is shown, also of a common word that is called, and where a label of the request stands', () => {
  expect(map.code).toContain('\t  helpOption(flags) {');
  expect(map.code).toContain('\t  _getHelpOption(flags) {');
  expect(map.code).toContain('\t  version(flags) {');
  expect(map.code).toContain('\t  printGroups(flags) {');
});

test('of the class only the head is shown, which is said, and of its declaration nothing', () => {
  const end = source.split('\n').length - 1;
  expect(headsOf(map.code)).toContain(
    `### lib/command.js, lines 1-4 of ${end}, the beginning of class Command, which ends at ${end}`,
  );
  expect(map.code).not.toContain('typings/');
  expect(map.files).toContain('typings/command.d.ts (42 lines');
});

test('a test file without tests that can be named is passed over', () => {
  expect(headsOf(map.tests)).toEqual(['### tests/help.test.js (3 lines)']);
});
