import { createTwoFilesPatch, parsePatch } from 'diff';
import { expect, test } from '@jest/globals';
import { changedNames } from '../../src/plan/changed-names.ts';

/** Names that differ between two texts of one file, three lines of context around each change. */
function namesOf(path: string, before: string, after: string): string[] {
  const hunks = parsePatch(createTwoFilesPatch(path, path, before, after, '', '', { context: 3 })).flatMap(
    (file) => file.hunks,
  );
  return [...changedNames([{ path, lines: after.split('\n'), hunks }]).keys()];
}

test('the function changes whose body does, however far above its head stands', () => {
  const text = (value: number): string =>
    `function outer(\n  list,\n) {\n${'  step();\n'.repeat(20)}  if (list) {\n    done();\n  } else if (list > ${value}) {\n    done();\n  }\n}\nafter(${value});\n`;
  expect(namesOf('a.js', text(1), text(2))).toEqual(['outer']);
});

test('a call that opens a block is no definition', () => {
  const text = (value: number): string =>
    `class Store {\n  openAll() {\n    retry('open', () => {\n      step(${value});\n    });\n    configure({\n      size: ${value},\n    });\n  }\n}\n`;
  expect(namesOf('a.ts', text(1), text(2))).toEqual(['openAll']);
});

test('types change with their fields, and fields with their types', () => {
  const text = (type: string): string => `export interface Options {\n  readonly timeout?: ${type};\n}\n`;
  expect(namesOf('a.ts', text('string'), text('number'))).toEqual(['timeout', 'Options']);
});

test('new names come after those that others may use', () => {
  const before = 'def total(items):\n    return 1\n';
  const after = 'def count(items):\n    return 1\n\n\ndef total(items):\n    return count(items)\n';
  expect(namesOf('a.py', before, after)).toEqual(['total', 'count']);
});

test('methods of Go behind tabs, macros of C and comments', () => {
  const go = (value: number): string => `func (c *Cart) Total() int {\n\tif c.open {\n\t\treturn ${value}\n\t}\n}\n`;
  expect(namesOf('a.go', go(1), go(2))).toEqual(['Total']);
  expect(namesOf('a.c', '#define LIMIT 1\n', '#define LIMIT 2\n')).toEqual(['LIMIT']);
  expect(namesOf('a.js', 'function total() {\n  // one\n}\n', 'function total() {\n  // two\n}\n')).toEqual([]);
});
