import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestTree, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeAll(() => {
  tree = createTestTree({ 'a.txt': 'one\ntwo\nthree\n' });
});
afterAll(() => tree.remove());

describe('arguments', () => {
  test('an unknown tool is answered with the names of those there are', async () => {
    const result = await tree.call('grep', { pattern: 'x' });
    expect(result).toEqual({
      isError: true,
      content:
        "There is no tool `grep` for the project's files. There are: bash, read, search, edit, write, apply_patch.",
    });
  });

  test('wrong arguments are named with the type expected and what was received', async () => {
    const result = await tree.call('edit', {
      file_path: 'a.txt',
      edits: [{ old_string: 'one', replace_all: 'maybe' }],
    });
    expect(result.isError).toBe(true);
    expect(result.content.split('\n')).toEqual([
      'Invalid arguments for edit:',
      '- `path`: expected string, received nothing',
      '- `edits[0].new_string`: expected string, received nothing',
      '- `edits[0].replace_all`: expected boolean, received string "maybe"',
      'There is no field file_path; fields: path, edits.',
    ]);
  });

  test('a value outside an enumeration is answered with the values allowed', async () => {
    const { content } = await tree.call('search', { pattern: 'x', mode: 'count', context: 1.5 });
    expect(content).toContain('- `mode`: expected "content" or "files", received string "count"');
    expect(content).toContain('- `context`: expected integer, received number 1.5');
  });

  test('arguments that are no object at all are refused in words', async () => {
    for (const input of [null, undefined, 7, [], 'not json {']) {
      expect(await tree.call('write', input)).toMatchObject({ isError: true });
    }
  });

  test.each<[string, unknown]>([
    ['numbers written as strings', { paths: [{ path: 'a.txt', start: '2', end: '2' }] }],
    ['a list written as JSON', { paths: '[{"path":"a.txt","start":2,"end":2}]' }],
    ['the whole input written as JSON', '{"paths":[{"path":"a.txt","start":2,"end":2}]}'],
    ['one item in place of a list', { paths: { path: 'a.txt', start: 2, end: 2 } }],
    ['null for what is optional', { paths: [{ path: 'a.txt', start: 2, end: 2 }], extra: null }],
  ])('%s are understood', async (_, input) => {
    expect(await tree.call('read', input)).toEqual({ content: 'a.txt, lines 2-2 of 3\n2\ttwo', isError: false });
  });

  test('a bare path stands for the object around it', async () => {
    expect((await tree.call('read', { paths: ['a.txt'] })).content).toContain('lines 1-3 of 3');
    expect((await tree.call('read', 'a.txt')).content).toContain('lines 1-3 of 3');
  });

  test('text that looks like JSON stays text where text is wanted', async () => {
    await tree.call('write', { path: 'list.json', content: '["a"]' });
    expect(tree.text('list.json')).toBe('["a"]');
  });
});

test('a system error becomes a result without the path of the tree', async () => {
  const result = await tree.call('write', { path: `${'x'.repeat(300)}.txt`, content: '' });
  expect(result.isError).toBe(true);
  expect(result.content).toContain('ENAMETOOLONG');
  expect(result.content).not.toContain(tree.root);
});
