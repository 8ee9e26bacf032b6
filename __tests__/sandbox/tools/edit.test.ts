import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestTree, lines, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree();
});
afterEach(() => tree.remove());

interface Replacement {
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean;
}

/** Puts a file, edits it, and returns the result with the file's new text. */
async function edit(before: string, ...edits: readonly Replacement[]) {
  tree.put('f.txt', before);
  const result = await tree.call('edit', { path: 'f.txt', edits });
  return { ...result, text: tree.text('f.txt') };
}

const replace = (before: string, old_string: string, new_string: string) => edit(before, { old_string, new_string });

describe('exact matches', () => {
  test('a unique text is replaced, and where it lies now is shown', async () => {
    const result = await replace(lines(9), 'line 5', 'LINE 5');
    expect(result.isError).toBe(false);
    expect(result.text).toBe(lines(9).replace('line 5', 'LINE 5'));
    expect(result.content).toBe('Edited f.txt:\n4\tline 4\n5\tLINE 5\n6\tline 6');
  });

  test('dollar signs and backslashes of the replacement are taken as they are', async () => {
    expect((await replace('a X b', 'X', String.raw`$& $1 \n $$`)).text).toBe(String.raw`a $& $1 \n $$ b`);
  });

  test('an exact match wins over places that are equal only after normalising', async () => {
    expect((await replace('say “hi”\nsay "hi"\n', 'say "hi"', 'bye')).text).toBe('say “hi”\nbye\n');
  });

  test('two matches are refused with their number and lines', async () => {
    const result = await replace('a\nfoo\nb\nc\nd\ne\nf\nfoo\n', 'foo', 'bar');
    expect(result).toMatchObject({ isError: true, text: 'a\nfoo\nb\nc\nd\ne\nf\nfoo\n' });
    expect(result.content).toContain('matches 2 times (lines 2, 8)');
    expect(result.content).toContain('2\tfoo');
    expect(result.content).toContain('8\tfoo');
  });

  test('matches that overlap count as two', async () => {
    expect(await replace('x = aaa\n', 'aa', 'b')).toMatchObject({ isError: true, text: 'x = aaa\n' });
  });

  test('replace_all replaces every place that does not overlap another', async () => {
    const result = await edit('aaaa foo foo', { old_string: 'aa', new_string: 'b', replace_all: true });
    expect(result.text).toBe('bb foo foo');
    expect((await edit('foo.foo', { old_string: 'foo', new_string: 'a', replace_all: true })).text).toBe('a.a');
  });
});

describe('normalised matches', () => {
  test.each([
    ['typographic quotes', 'say(“it’s”)\n', 'say("it\'s")', 'ok'],
    ['dashes', 'a — b – c\n', 'a - b - c', 'ok'],
    ['no-break blanks', 'a\u00a0b\u2009c\n', 'a b c', 'ok'],
    ['compatibility forms', 'ﬁle №1 e\u0301\n', 'file No1 é', 'ok'],
    ['trailing blanks in the file', 'one  \ntwo\t\n', 'one\ntwo\n', 'ok\n'],
    ['trailing blanks in the request', 'one\ntwo\n', 'one  \ntwo  ', 'ok'],
  ])('%s do not hinder', async (_, before, old, replacement) => {
    const result = await replace(before, old, replacement);
    expect(result.text).toBe('ok\n');
    expect(result.content).toContain('(blanks, quotes or indentation differed from old_string)');
  });

  test('the rest of the file keeps its own characters', async () => {
    const before = '“A” — x  \nlet a = “b”;\nﬁn\u00a0…\n';
    expect((await replace(before, 'let a = "b";', 'let a = 1;')).text).toBe('“A” — x  \nlet a = 1;\nﬁn\u00a0…\n');
  });

  test('they too must be unique', async () => {
    expect((await replace('“a”\n„a“\n', '"a"', 'b')).content).toContain('matches 2 times');
  });

  test('half of a character that stands for two is no match', async () => {
    expect(await replace('ﬁ\n', 'i', 'x')).toMatchObject({ isError: true, text: 'ﬁ\n' });
  });

  test('a blank at the end of the request is not dropped in the middle of a line', async () => {
    expect(await replace('“a”b\n', '"a" ', 'x ')).toMatchObject({ isError: true });
  });
});

describe('matches at another indentation', () => {
  test('the replacement takes the depth of the file', async () => {
    const before = 'class A {\n    run() {\n        go();\n    }\n}\n';
    const result = await replace(before, 'run() {\n    go();\n}', 'run() {\n    if (x) {\n        go();\n    }\n}');
    expect(result.text).toBe('class A {\n    run() {\n        if (x) {\n            go();\n        }\n    }\n}\n');
  });

  test('blanks asked for become tabs where the file has tabs', async () => {
    const before = 'def f():\n\tif a:\n\t\tb()\n';
    const result = await replace(before, '  if a:\n    b()\n', '  if a:\n    b()\n    for c in d:\n      e()\n');
    expect(result.text).toBe('def f():\n\tif a:\n\t\tb()\n\t\tfor c in d:\n\t\t\te()\n');
  });

  test('tabs asked for become blanks where the file has blanks', async () => {
    const before = 'def f():\n    if a:\n        b()\n';
    const result = await replace(before, '\tif a:\n\t\tb()\n', '\tif a:\n\t\tb()\n\t\t\tc()\n\td()\n');
    expect(result.text).toBe('def f():\n    if a:\n        b()\n            c()\n    d()\n');
  });

  test('a single line can gain deeper lines', async () => {
    expect((await replace('\tx();\n', '    x();', '    if (y) {\n        x();\n    }')).text).toBe(
      '\tif (y) {\n\t\tx();\n\t}\n',
    );
    expect((await replace('  x();\n', '      x();\n', '      if (y) {\n        x();\n      }\n')).text).toBe(
      '  if (y) {\n    x();\n  }\n',
    );
  });

  test('a first line whose indentation was left out is still found', async () => {
    const before = '{\n    a(\n        b,\n    );\n}\n';
    expect((await replace(before, 'a(\n  b,\n);', 'a(\n  c,\n);')).text).toBe('{\n    a(\n        c,\n    );\n}\n');
  });

  test('a block that nests differently is not taken for the same', async () => {
    const before = 'if a:\n    b()\nc()\n';
    expect(await replace(before, '  if a:\n    b()\n    c()\n', 'x\n')).toMatchObject({ isError: true, text: before });
    expect(await replace('  a\nb\n', 'a\n  b\n', 'x\n')).toMatchObject({ isError: true });
  });

  test('a depth that cannot be told is refused rather than guessed', async () => {
    expect(await replace('a\n\tb\n', 'a\n  b', 'a\n   b')).toMatchObject({ isError: true, text: 'a\n\tb\n' });
  });

  test('they too must be unique', async () => {
    expect((await replace('{\n  a();\n}\n{\n    a();\n}\n', '{\n a();\n}', 'b')).content).toContain('matches 2 times');
  });

  test('blank lines inside the block match whatever blanks they hold', async () => {
    expect((await replace('  a\n   \n  b\n', 'a\n\nb', 'c\n\nd')).text).toBe('  c\n\n  d\n');
  });
});

describe('what a file keeps', () => {
  test('CRLF line ends, also for lines that are new', async () => {
    const result = await replace('a\r\nb\r\nc\r\n', 'a\nb', 'x\ny\nz');
    expect(result.text).toBe('x\r\ny\r\nz\r\nc\r\n');
    expect(result.content).toMatch(/^Edited f\.txt:\n/);
    expect((await replace('a\r\nb\r\n', 'b', 'x\ny')).text).toBe('a\r\nx\r\ny\r\n');
    expect((await replace('a\r\nb\r\n', 'a\r\nb', 'x\r\ny')).text).toBe('x\r\ny\r\n');
  });

  test('mixed line ends outside the change, and the ends of the changed lines inside it', async () => {
    expect((await replace('a\nb\nc\r\nd\r\ne\n', 'c\nd', 'x\ny\nz')).text).toBe('a\nb\nx\r\ny\r\nz\r\ne\n');
  });

  test('its byte order mark', async () => {
    expect((await replace('\ufeffa\nb\n', 'a\n', 'x\n')).text).toBe('\ufeffx\nb\n');
  });

  test('its lack of a final newline', async () => {
    expect((await replace('a\nb', 'b\n', 'x\n')).text).toBe('a\nx');
    expect((await replace('a\nb', 'b', 'x')).text).toBe('a\nx');
    expect((await replace('a\n  b', 'a\n\tb\n', 'a\n\tc\n')).text).toBe('a\n  c');
  });

  test('its final newline', async () => {
    expect((await replace('a\nb\n', 'b\n', 'x')).text).toBe('a\nx\n');
  });

  test('a final newline can be added by asking for it', async () => {
    expect((await replace('a\nb', 'b', 'b\n')).text).toBe('a\nb\n');
  });

  test('its mode', async () => {
    tree.put('run.sh', 'echo a\n');
    chmodSync(join(tree.root, 'run.sh'), 0o755);
    await tree.call('edit', { path: 'run.sh', edits: [{ old_string: 'a', new_string: 'b' }] });
    expect(statSync(join(tree.root, 'run.sh')).mode & 0o777).toBe(0o755);
  });
});

describe('several edits', () => {
  test('apply in order, each to the result of the ones before', async () => {
    const result = await edit(
      'a\nb\n',
      { old_string: 'a', new_string: 'b1' },
      { old_string: 'b1\nb', new_string: 'c' },
    );
    expect(result.text).toBe('c\n');
  });

  test('whose places overlap are refused, unless the later one clearly means what the earlier one wrote', async () => {
    const before = 'call(a, b)\nend\n';
    const clash = await edit(
      before,
      { old_string: 'a, b', new_string: 'a, b, c' },
      { old_string: ', b)', new_string: ')' },
      { old_string: 'call(a', new_string: 'run(a' },
    );
    expect(clash).toMatchObject({ isError: true, text: before });
    const twice = await edit(
      before,
      { old_string: 'call(a, b)', new_string: 'call(b, a)' },
      { old_string: 'a', new_string: 'x', replace_all: true },
    );
    expect(twice).toMatchObject({ isError: true, text: before });
    expect(twice.content).toBe('edits[1]: it overlaps an edit before it in this call. Make them one edit.');
    const shared = { old_string: 'end\n', new_string: 'end\nmore\n' };
    expect((await edit(before, shared, { old_string: 'b)\nend', new_string: 'c)\nend' })).text).toBe(
      'call(a, c)\nend\nmore\n',
    );
    expect(
      (await edit(before, { old_string: 'call', new_string: 'run' }, { old_string: 'run(', new_string: 'go(' })).text,
    ).toBe('go(a, b)\nend\n');
  });

  test('are all undone when one of them fails, which is named', async () => {
    const result = await edit('a\nb\n', { old_string: 'a', new_string: 'x' }, { old_string: 'nope', new_string: 'y' });
    expect(result).toMatchObject({ isError: true, text: 'a\nb\n' });
    expect(result.content).toMatch(/^edits\[1\]: old_string was not found \(0 matches/);
  });
});

describe('what is refused', () => {
  test('a text that is not there, with the closest lines numbered', async () => {
    const before = `${lines(40)}function total(items) {\n  return items.sum;\n}\n${lines(40)}`;
    const result = await replace(before, 'function total(items) {\n  return items.length;\n}', 'x');
    expect(result).toMatchObject({ isError: true, text: before });
    expect(result.content).toContain('41\tfunction total(items) {\n42\t  return items.sum;\n43\t}');
    expect(result.content.split('\n').length).toBeLessThanOrEqual(31);
  });

  test('the closest region is found by likeness when no line is equal, and never exceeds 30 lines', async () => {
    const result = await replace(
      `${lines(50)}const userName = load();\n`,
      `const usrName = laod();\n${'zz zz\n'.repeat(60)}`,
      'x',
    );
    expect(result.content).toContain('51\tconst userName = load();');
    expect(result.content.split('\n').length).toBeLessThanOrEqual(31);
  });

  test('a change that was made before is recognised', async () => {
    expect((await replace('const total = 2;\n', 'const total = 1;', 'const total = 2;')).content).toContain(
      'new_string is already there',
    );
  });

  test('an empty or unchanged text, an empty list, a missing file', async () => {
    expect((await replace('a\n', '', 'b')).content).toContain('old_string is empty');
    expect((await replace('a\n', 'a', 'a')).content).toContain('are the same');
    expect(await tree.call('edit', { path: 'f.txt', edits: [] })).toMatchObject({ isError: true });
    const missing = await tree.call('edit', { path: 'g.txt', edits: [{ old_string: 'a', new_string: 'b' }] });
    expect(missing.content).toBe('g.txt does not exist. Near: f.txt. Use `write` for a new file.');
  });

  test('bytes that are no UTF-8 and binaries, which an edit would damage', async () => {
    const edits = [{ old_string: 'a', new_string: 'b' }];
    tree.put('latin1.txt', Buffer.from([0x61, 0xe9, 0x0a]));
    tree.put('bin', Buffer.from([0x61, 0]));
    expect((await tree.call('edit', { path: 'latin1.txt', edits })).content).toContain('not UTF-8');
    expect((await tree.call('edit', { path: 'bin', edits })).content).toContain('binary');
    expect(readFileSync(join(tree.root, 'latin1.txt'))).toEqual(Buffer.from([0x61, 0xe9, 0x0a]));
  });
});

describe('what is shown', () => {
  test('of what was sent, only where it stands now', async () => {
    const sent = { old_string: 'line 5\n', new_string: lines(20).replaceAll('line', 'row') };
    expect((await edit(lines(9), sent, { old_string: 'line 8\nline 9\n', new_string: '' })).content).toBe(
      'Edited f.txt:\n4\tline 4\n5-24\t[20 lines as sent]\n25\tline 6\n26\tline 7\n[2 lines removed]',
    );
    const apart = await edit(
      lines(30),
      { old_string: 'e 2\n', new_string: 'e two\n' },
      { old_string: 'e 29', new_string: 'x' },
    );
    expect(apart.content).toBe(
      'Edited f.txt:\n1\tline 1\n2\tline two\n3\tline 3\n--\n28\tline 28\n29\tlinx\n30\tline 30',
    );
  });

  test('a diff where the text was fitted to the file, and never more than 60 lines', async () => {
    const deeper = lines(100).replaceAll('line', '  line');
    const fitted = await replace(deeper, lines(100), lines(100).replaceAll('line', 'row'));
    expect(fitted.content.split('\n')).toHaveLength(61);
    expect(fitted.content).toMatch(/^Edited f\.txt \(blanks.*\):\n@@ -1,100 \+1,100 @@\n-  line 1\n/);
    expect(fitted.content).toMatch(/\[142 more lines of this\]$/);
    const many = await edit('a\nb\nc\nd\n'.repeat(40), { old_string: 'a', new_string: 'x', replace_all: true });
    expect(many.content.split('\n')).toHaveLength(61);
  });

  test('that JSON parses, or that it no longer does, but nothing of JSON with comments', async () => {
    const change = (path: string, old_string: string, new_string: string) =>
      tree.call('edit', { path, edits: [{ old_string, new_string }] });
    tree.put('a.json', '{"a": 1}\n');
    expect((await change('a.json', '1', '2')).content).toMatch(/^Edited a\.json \(syntax ok\):\n/);
    expect((await change('a.json', '}', ',}')).content).toMatch(/\nWarning: it does not parse: /);
    tree.put('tsconfig.json', '// why\n{"a": 1}\n');
    expect((await change('tsconfig.json', '1', '2')).content).toMatch(
      /^Edited tsconfig\.json:\n1\t\/\/ why\n2\t{"a": 2}$/,
    );
  });
});

describe('a file that changed since the model saw it', () => {
  test('is named when an edit of it fails, and only then', async () => {
    tree.put('f.txt', lines(5));
    const change = (old_string: string, new_string: string) =>
      tree.call('edit', { path: 'f.txt', edits: [{ old_string, new_string }] });
    await tree.call('read', { paths: [{ path: 'f.txt' }] });
    expect((await change('nope', 'x')).content).not.toContain('has changed');
    expect(await change('line 1', 'LINE 1')).toMatchObject({ isError: false });
    expect((await change('nope', 'x')).content).not.toContain('has changed');
    await tree.call('bash', { command: 'sed -i s/line/row/ f.txt' });
    expect((await change('line 2', 'x')).content).toMatch(/f\.txt has changed since you were last shown it/);
    const patch = '*** Begin Patch\n*** Update File: f.txt\n@@\n-line 2\n+x\n*** End Patch';
    expect((await tree.call('apply_patch', { patch })).content).toContain('f.txt has changed since');
    await tree.call('read', { paths: [{ path: 'f.txt' }] });
    expect((await change('line 2', 'x')).content).not.toContain('has changed');
  });
});

test('a link inside the tree is edited at its target and stays a link; one that leads out is refused', async () => {
  writeFileSync(join(tree.outside, 'secret'), 'a');
  symlinkSync(join(tree.outside, 'secret'), join(tree.root, 'out'));
  tree.put('real.txt', 'a');
  symlinkSync('real.txt', join(tree.root, 'in'));
  const edits = [{ old_string: 'a', new_string: 'b' }];
  expect(await tree.call('edit', { path: 'out', edits })).toMatchObject({ isError: true });
  expect(await tree.call('edit', { path: 'in', edits })).toMatchObject({ isError: false });
  expect(tree.text('real.txt')).toBe('b');
  expect(readFileSync(join(tree.outside, 'secret'), 'utf8')).toBe('a');
});
