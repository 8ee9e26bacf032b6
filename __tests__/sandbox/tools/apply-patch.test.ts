import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ToolContext } from '../../../src/sandbox/tools/tool.ts';
import { createTestTree, lines, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree();
});
afterEach(() => tree.remove());

const patch = (body: string, context?: Partial<ToolContext>) =>
  tree.call('apply_patch', { patch: `*** Begin Patch\n${body}\n*** End Patch` }, context);

/** Puts a file, patches it, and returns the result with the file's new text. */
async function update(before: string, hunks: string) {
  tree.put('f.txt', before);
  const result = await patch(`*** Update File: f.txt\n${hunks}`);
  return { ...result, text: tree.text('f.txt') };
}

const classes = [
  'class A:',
  '    def run(self):',
  '        return 1',
  '',
  'class B:',
  '    def run(self):',
  '        return 1',
  '',
].join('\n');

describe('a patch', () => {
  test('adds, updates, moves and deletes files, and says where', async () => {
    tree.put('a.txt', lines(9));
    tree.put('old/b.txt', 'one\ntwo\n');
    tree.put('c.txt', 'x');
    const result = await patch(
      [
        '*** Add File: deep/new.txt',
        '+first',
        '+',
        '+third',
        '*** Update File: a.txt',
        '@@',
        ' line 4',
        '-line 5',
        '+LINE 5',
        ' line 6',
        '*** Update File: old/b.txt',
        '*** Move to: new/b.txt',
        '@@',
        ' one',
        '-two',
        '+2',
        '*** Delete File: c.txt',
      ].join('\n'),
    );
    expect(result.content.split('\n')).toEqual([
      'Added deep/new.txt, 3 lines.',
      'Updated a.txt:',
      '4\tline 4',
      '5\tLINE 5',
      '6\tline 6',
      'Deleted old/b.txt.',
      'Added new/b.txt, 2 lines.',
      'Deleted c.txt.',
    ]);
    expect(result.isError).toBe(false);
    expect(tree.text('deep/new.txt')).toBe('first\n\nthird\n');
    expect(tree.text('a.txt')).toBe(lines(9).replace('line 5', 'LINE 5'));
    expect(tree.text('new/b.txt')).toBe('one\n2\n');
    expect(existsSync(join(tree.root, 'c.txt'))).toBe(false);
    expect(existsSync(join(tree.root, 'old/b.txt'))).toBe(false);
  });

  test('is understood inside a here-document, with CRLF, and with empty lines between its hunks', async () => {
    tree.put('f.txt', lines(20));
    const body =
      "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: f.txt\n@@\n-line 3\n+three\n\n@@\n-line 9\n+nine\n\n*** End Patch\nEOF\n";
    expect(await tree.call('apply_patch', { patch: body.replaceAll('\n', '\r\n') })).toMatchObject({ isError: false });
    expect(tree.text('f.txt')).toBe(lines(20).replace('line 3\n', 'three\n').replace('line 9', 'nine'));
  });

  test('that fails in its last section leaves every file as it was', async () => {
    tree.put('a.txt', 'a\n');
    const body =
      '*** Add File: n/new.txt\n+x\n*** Update File: a.txt\n@@\n-a\n+b\n*** Update File: a.txt\n@@\n-nope\n+c';
    const result = await patch(body);
    expect(result.isError).toBe(true);
    expect(result.content).toMatch(/^a\.txt, hunk 1 of 1: its lines were not found\. Closest lines:\n1\tb/);
    expect(tree.text('a.txt')).toBe('a\n');
    expect(readdirSync(tree.root)).toEqual(['a.txt']);
  });

  test('whose writing fails half way is undone', async () => {
    tree.put('a.txt', 'a\n');
    chmodSync(join(tree.root, 'a.txt'), 0o755);
    const result = await patch(
      `*** Update File: a.txt\n@@\n-a\n+b\n*** Add File: b.txt\n+x\n*** Add File: ${'y'.repeat(300)}\n+x`,
    );
    expect(result.isError).toBe(true);
    expect(result.content).toContain('ENAMETOOLONG');
    expect(tree.text('a.txt')).toBe('a\n');
    expect(statSync(join(tree.root, 'a.txt')).mode & 0o777).toBe(0o755);
    expect(readdirSync(tree.root)).toEqual(['a.txt']);
  });

  test('may change the file that it has added, and replace the one that it has deleted', async () => {
    tree.put('f.txt', 'old\n');
    const body =
      '*** Delete File: f.txt\n*** Add File: f.txt\n+new\n*** Add File: g.txt\n+a\n*** Update File: g.txt\n@@\n-a\n+b';
    expect(await patch(body)).toMatchObject({ isError: false });
    expect([tree.text('f.txt'), tree.text('g.txt')]).toEqual(['new\n', 'b\n']);
  });
});

describe('a hunk is placed', () => {
  test('by its lines alone where they are unique', async () => {
    expect(
      (await update(classes, '@@\n class B:\n     def run(self):\n-        return 1\n+        return 2')).text,
    ).toBe(classes.replace(/return 1\n$/, 'return 2\n'));
  });

  test('nowhere when its lines fit two places, which are shown', async () => {
    const result = await update(classes, '@@\n     def run(self):\n-        return 1\n+        return 2');
    expect(result).toMatchObject({ isError: true, text: classes });
    expect(result.content).toContain('f.txt, hunk 1 of 1: it fits 2 places (lines 2, 6)');
    expect(result.content).toContain('5\tclass B:');
  });

  test('inside the block that the line after @@ heads, also of several such lines', async () => {
    const second = classes.replace(/return 1\n$/, 'return 2\n');
    expect((await update(classes, '@@ class B:\n-        return 1\n+        return 2')).text).toBe(second);
    expect((await update(classes, '@@ class B:\n@@ def run(self):\n-        return 1\n+        return 2')).text).toBe(
      second,
    );
    expect((await update(classes, '@@ class A\n-        return 1\n+        return 2')).text).toBe(
      classes.replace('return 1', 'return 2'),
    );
  });

  test('not outside of that block by the order of the file', async () => {
    const before = `def a():\n    x = 1\n\ndef b():\n    y\n\ndef c():\n    x = 1\n`;
    const result = await update(before, '@@ def b():\n-    x = 1\n+    x = 2');
    expect(result).toMatchObject({ isError: true, text: before });
  });

  test('after the hunks before it, else before them', async () => {
    expect((await update('x\na\nx\nb\n', '@@\n-a\n+A\n@@\n-x\n+X\n b')).text).toBe('x\nA\nX\nb\n');
    expect((await update('x\na\nx\n', '@@\n-a\n+A\n@@\n-x\n+X')).text).toBe('x\nA\nX\n');
    expect((await update('p\na\nb\n', '@@\n-b\n+B\n@@\n-p\n+P')).text).toBe('P\na\nB\n');
  });

  test('at the end where it says so', async () => {
    expect((await update('x\na\nx\n', '@@\n-x\n+X\n*** End of File')).text).toBe('x\na\nX\n');
    const early = await update('x\na\n', '@@\n-x\n+X\n*** End of File');
    expect(early).toMatchObject({ isError: true, text: 'x\na\n' });
    expect(early.content).toContain('not at the end of the file');
    expect((await update('x\n', '@@\n+y\n*** End of File')).text).toBe('x\ny\n');
  });

  test('below the line after @@ when it only adds lines, and nowhere without one', async () => {
    expect((await update('a\nb\n', '@@ a\n+x\n+y')).text).toBe('a\nx\ny\nb\n');
    expect((await update('a\nb\n', '@@\n+x')).content).toContain('does not say where');
  });

  test('with blanks at line ends, typographic quotes and another indentation ignored, in that order', async () => {
    expect((await update('a  \nb\n', '@@\n a\n-b\n+c')).text).toBe('a  \nc\n');
    expect((await update('say “x”\nb\n', '@@\n say "x"\n-b\n+c')).text).toBe('say “x”\nc\n');
    const shifted = await update('if x:\n\tif y:\n\t\tz()\n', '@@\n if y:\n-    z()\n+    w()\n+    v()');
    expect(shifted.text).toBe('if x:\n\tif y:\n\t\tw()\n\t\tv()\n');
    expect(shifted.content).toContain('+\t\tw()');
    expect(await update('if a:\n    b()\nc()\n', '@@\n   if a:\n     b()\n-    c()\n+    d()')).toMatchObject({
      isError: true,
    });
  });

  test('once: hunks that change the same line are refused, lines that both only show are not', async () => {
    const clash = await update('a\nb\nc\n', '@@\n-b\n+x\n@@\n a\n-b\n+y');
    expect(clash).toMatchObject({ isError: true, text: 'a\nb\nc\n' });
    expect(clash.content).toContain('hunk 2 of 2: it overlaps a hunk before it (line 2)');
    expect((await update('a\nb\nc\n', '@@\n-a\n+A\n b\n@@\n b\n-c\n+C')).text).toBe('A\nb\nC\n');
  });
});

describe('a file keeps', () => {
  test('its line ends, byte order mark and mode', async () => {
    expect((await update('\ufeffa\r\nb\r\nc\r\n', '@@\n a\n-b\n+x\n+y')).text).toBe('\ufeffa\r\nx\r\ny\r\nc\r\n');
    expect((await update('a\nb\nc\r\nd\r\n', '@@\n-c\n+x\n+y')).text).toBe('a\nb\nx\r\ny\r\nd\r\n');
    tree.put('run.sh', 'a\n');
    chmodSync(join(tree.root, 'run.sh'), 0o755);
    await patch('*** Update File: run.sh\n*** Move to: bin/run.sh\n@@\n-a\n+b');
    expect(statSync(join(tree.root, 'bin/run.sh')).mode & 0o777).toBe(0o755);
  });

  test('its final newline or the lack of one', async () => {
    expect((await update('a\nb', '@@\n-b\n+x\n+y')).text).toBe('a\nx\ny');
    expect((await update('a\nb', '@@\n b\n+y')).text).toBe('a\nb\ny');
    expect((await update('a\nb\n', '@@\n a\n-b')).text).toBe('a\n');
  });
});

describe('what is refused', () => {
  test.each([
    ['no begin', 'x', /no line `\*\*\* Begin Patch`/],
    ['no end', '*** Begin Patch\n*** Add File: a\n+x', /may have been cut off/],
    ['no file', '*** Begin Patch\n*** End Patch', /names no file/],
    ['text before the first file', '*** Begin Patch\nhello\n*** End Patch', /Line 2 of the patch is `hello`/],
    ['a line of a new file without its plus', '*** Begin Patch\n*** Add File: a\nx\n*** End Patch', /Line 3 .*`\+`/],
    ['a line of a hunk without a sign', '*** Begin Patch\n*** Update File: f.txt\n@@\nx\n*** End Patch', /Line 4/],
    [
      'a hunk that changes nothing',
      '*** Begin Patch\n*** Update File: f.txt\n@@\n a\n*** End Patch',
      /hunk 1: it has no/,
    ],
    ['an update without hunks', '*** Begin Patch\n*** Update File: f.txt\n*** End Patch', /changes nothing/],
    ['a file that is there', '*** Begin Patch\n*** Add File: f.txt\n+a\n*** End Patch', /f\.txt exists already/],
    ['a file that is not there', '*** Begin Patch\n*** Delete File: g.txt\n*** End Patch', /g\.txt does not exist/],
    ['the same text', '*** Begin Patch\n*** Update File: f.txt\n@@\n-a\n+a\n*** End Patch', /Nothing changed/],
  ])('%s', async (_, body, message) => {
    tree.put('f.txt', 'a\n');
    const result = await tree.call('apply_patch', { patch: body });
    expect(result.isError).toBe(true);
    expect(result.content).toMatch(message);
    expect(tree.text('f.txt')).toBe('a\n');
  });

  test("others' files, places outside, and git's own, whichever way they are named", async () => {
    tree.put('mine/a.txt', 'a\n');
    tree.put('theirs/b.txt', 'b\n');
    writeFileSync(join(tree.outside, 'secret'), 's\n');
    symlinkSync('../outside', join(tree.root, 'out'));
    mkdirSync(join(tree.root, '.git'));
    const context = { owns: ['mine/**', 'out/**'], foreign: [{ glob: 'theirs/**', owner: 'TASK-002' }] };
    for (const body of [
      '*** Update File: theirs/b.txt\n@@\n-b\n+c',
      '*** Delete File: theirs/b.txt',
      '*** Add File: theirs/c.txt\n+c',
      '*** Update File: mine/a.txt\n*** Move to: theirs/a.txt',
      '*** Add File: other.txt\n+c',
      '*** Add File: ../outside/x\n+c',
      '*** Delete File: out/secret',
      '*** Add File: .git/hooks/x\n+c',
    ]) {
      expect(await patch(body, context)).toMatchObject({ isError: true });
    }
    expect([tree.text('mine/a.txt'), tree.text('theirs/b.txt')]).toEqual(['a\n', 'b\n']);
    expect(readdirSync(tree.outside)).toEqual(['secret']);
    expect(await patch('*** Update File: mine/a.txt\n@@\n-a\n+b', context)).toMatchObject({ isError: false });
  });

  test('a link cannot be deleted or moved, but a binary file can be deleted', async () => {
    tree.put('real.txt', 'a\n');
    symlinkSync('real.txt', join(tree.root, 'link'));
    expect((await patch('*** Delete File: link')).content).toContain('a link');
    tree.put('logo.png', Buffer.from([1, 0, 2]));
    expect(await patch('*** Delete File: logo.png')).toMatchObject({ isError: false });
    expect(readdirSync(tree.root).sort()).toEqual(['link', 'real.txt']);
  });
});
