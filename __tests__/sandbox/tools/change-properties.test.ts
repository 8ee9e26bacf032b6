// What must hold of any change of a file, whatever file and change: it applies exactly as specified, or nothing changes.
import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { applyEdits, type Edit } from '../../../src/sandbox/tools/apply-edits.ts';
import { applyHunks } from '../../../src/sandbox/tools/patch/apply-hunks.ts';
import { parsePatch } from '../../../src/sandbox/tools/patch/parse-patch.ts';
import { Refusal } from '../../../src/sandbox/tools/refusal.ts';
import { createTestTree } from './test-tree.ts';

/** Few different pieces, so that texts are often found, often twice, and often overlap. */
const piece = fc.constantFrom('a', 'b', 'ab', ' ', '  ', '\t', '\n', 'é', '“', '"', '$&', '😀');
const text = (maxLength: number) => fc.array(piece, { maxLength }).map((parts) => parts.join(''));
const line = fc
  .array(fc.constantFrom('a', 'b', 'c', '  ', '+', '-', '@@'), { maxLength: 3 })
  .map((parts) => parts.join(''));

interface Form {
  readonly mark: string;
  readonly lineEnd: string;
  readonly endsLine: boolean;
}

const form = fc.record({
  mark: fc.constantFrom('', '\ufeff'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  endsLine: fc.boolean(),
});

/** A text of lines as a file of this form holds it. */
const inForm = (lines: readonly string[], { mark, lineEnd, endsLine }: Form): string =>
  mark + lines.join(lineEnd) + (endsLine && lines.length > 0 ? lineEnd : '');

/** Result, or null for a refusal; anything else thrown is a bug and fails the test. */
function orRefused<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Indexes of all occurrences, overlapping ones too. */
const indexesOf = (source: string, wanted: string): readonly number[] =>
  [...source].length === 0 || wanted === ''
    ? []
    : Array.from({ length: source.length }, (_, index) => index).filter((index) => source.startsWith(wanted, index));

test('an edit whose text stands once in a file replaces just that; one whose text stands twice changes nothing', () => {
  fc.assert(
    fc.property(text(20), fc.nat(), fc.nat(), text(6), (before, from, length, fresh) => {
      const source = `${before}\n`;
      const start = from % source.length;
      const wanted = source.slice(start, start + 1 + (length % 8));
      fc.pre(wanted !== fresh);
      const places = indexesOf(source, wanted);
      const result = orRefused(() => applyEdits(source, [{ old_string: wanted, new_string: fresh }]));
      if (places.length > 1) {
        expect(result).toBeNull();
        return;
      }
      const spliced = source.slice(0, start) + fresh + source.slice(start + wanted.length);
      expect(result?.text).toBe(spliced === '' || spliced.endsWith('\n') ? spliced : `${spliced}\n`);
    }),
    { numRuns: 2_000 },
  );
});

test('an edit keeps byte order mark, line ends and the final newline, whatever it replaces', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      form,
      fc.nat(),
      fc.array(line),
      (lines, shape, at, fresh) => {
        const unique = lines.map((one, index) => `${one}#${String(index)}`);
        const index = at % unique.length;
        const source = inForm(unique, shape);
        const old = unique[index] ?? '';
        const replacement = [...fresh, 'x'].join('\n');
        const expected = inForm(
          unique.flatMap((one, here) => (here === index ? [...fresh, 'x'] : [one])),
          shape,
        );
        // A file of one line without an end does not say which ends it would have.
        fc.pre(source.includes(shape.lineEnd) && indexesOf(source, old).length === 1);
        expect(applyEdits(source, [{ old_string: old, new_string: replacement }]).text).toBe(expected);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a list of edits gives what its edits give one by one, or changes nothing', () => {
  // Without line ends: the final one is kept after each edit, and after a list only at its end.
  const word = text(3).map((parts) => parts.replaceAll('\n', ''));
  const edit: fc.Arbitrary<Edit> = fc.record({ old_string: word, new_string: word, replace_all: fc.boolean() });
  fc.assert(
    fc.property(text(15), fc.array(edit, { minLength: 1, maxLength: 4 }), (before, edits) => {
      const source = `${before}\n`;
      const result = orRefused(() => applyEdits(source, edits));
      if (result === null) return;
      const oneByOne = edits.reduce((sofar, one) => applyEdits(sofar, [one]).text, source);
      expect(result.text).toBe(oneByOne);
    }),
    { numRuns: 2_000 },
  );
});

test('edits of different lines give the same in any order; edits that touch the same characters are refused', () => {
  const lines = ['alpha one', 'beta two', 'gamma three'];
  const source = `${lines.join('\n')}\n`;
  const span = fc.record({ start: fc.nat(source.length - 2), length: fc.integer({ min: 1, max: 8 }) });
  fc.assert(
    fc.property(span, span, (a, b) => {
      const [first, second] = [a, b].map(({ start, length }) => source.slice(start, start + length));
      fc.pre(first !== undefined && second !== undefined);
      fc.pre(indexesOf(source, first ?? '').length === 1 && indexesOf(source, second ?? '').length === 1);
      const change = (old: string, sign: string): Edit => ({ old_string: old, new_string: sign.repeat(old.length) });
      const [x, y] = [change(first ?? '', 'X'), change(second ?? '', 'Y')];
      const apart = a.start + (first ?? '').length <= b.start || b.start + (second ?? '').length <= a.start;
      const forth = orRefused(() => applyEdits(source, [x, y]))?.text ?? null;
      const back = orRefused(() => applyEdits(source, [y, x]))?.text ?? null;
      expect(forth).toBe(back);
      expect(forth === null).toBe(!apart);
    }),
    { numRuns: 1_000 },
  );
});

test('the tool changes no byte of a file when it says that it failed', async () => {
  const tree = createTestTree();
  const edit = fc.record({ old_string: text(4), new_string: text(4) });
  await fc.assert(
    fc.asyncProperty(text(12), fc.array(edit, { maxLength: 3 }), async (before, edits) => {
      tree.put('f.txt', before);
      const { isError } = await tree.call('edit', { path: 'f.txt', edits });
      expect(tree.text('f.txt') === before).toBe(isError);
    }),
    { numRuns: 300 },
  );
  await tree.remove();
});

interface Change {
  readonly start: number;
  readonly removed: number;
  readonly added: readonly string[];
  readonly context: number;
}

/** A hunk that replaces `removed` lines from `start` on, with context lines around them. */
function hunkOf(lines: readonly string[], { start, removed, added, context }: Change): readonly string[] {
  const from = Math.max(0, start - context);
  return [
    '@@',
    ...lines.slice(from, start).map((one) => ` ${one}`),
    ...lines.slice(start, start + removed).map((one) => `-${one}`),
    ...added.map((one) => `+${one}`),
    ...lines.slice(start + removed, start + removed + context).map((one) => ` ${one}`),
  ];
}

const change = fc.record({
  start: fc.nat(9),
  removed: fc.nat(3),
  added: fc.array(line, { maxLength: 3 }),
  context: fc.nat(3),
});

const hunksIn = (patch: readonly string[]) => {
  const [file] = parsePatch(['*** Begin Patch', '*** Update File: f', ...patch, '*** End Patch'].join('\n'));
  return file?.kind === 'update' ? file.hunks : [];
};

test('a hunk whose lines stand once in a file changes just those; one whose lines stand twice changes nothing', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 10 }), form, change, (lines, shape, wanted) => {
      // A form without a final newline cannot end in an empty line, nor be empty in full.
      fc.pre(lines.at(-1) !== '');
      const start = wanted.start % lines.length;
      const removed = Math.min(wanted.removed, lines.length - start);
      const from = Math.max(0, start - wanted.context);
      const old = lines.slice(from, start + removed + wanted.context);
      fc.pre(old.length > 0 && removed + wanted.added.length > 0 && wanted.added.at(-1) !== '' && old.at(-1) !== '');
      const places = lines.flatMap((_, index) =>
        old.every((one, offset) => lines[index + offset] === one) ? [index] : [],
      );
      const source = inForm(lines, shape);
      fc.pre(source.includes(shape.lineEnd));
      const result = orRefused(() => applyHunks(source, hunksIn(hunkOf(lines, { ...wanted, start, removed })), 'f'));
      if (places.length > 1) {
        expect(result).toBeNull();
        return;
      }
      const expected = [...lines.slice(0, start), ...wanted.added, ...lines.slice(start + removed)];
      expect(result?.text).toBe(inForm(expected, shape));
    }),
    { numRuns: 3_000 },
  );
});

test('hunks of different places give all their changes, in whatever order they come', () => {
  const lines = Array.from({ length: 12 }, (_, index) => `line ${String(index)} of twelve`);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 5 }),
      form,
      fc.nat(3),
      (starts, shape, context) => {
        const hunks = starts.flatMap((start) =>
          hunkOf(lines, { start, removed: 1, added: [`new ${String(start)}`], context }),
        );
        const expected = lines.map((one, index) => (starts.includes(index) ? `new ${String(index)}` : one));
        const result = orRefused(() => applyHunks(inForm(lines, shape), hunksIn(hunks), 'f'));
        const clash = starts.some((a) => starts.some((b) => a !== b && Math.abs(a - b) <= context));
        // A hunk that shows a line which another one removes contradicts it.
        expect(result?.text ?? null).toBe(clash ? null : inForm(expected, shape));
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a patch of several files changes all of them, or no byte of any', async () => {
  const tree = createTestTree();
  const names = ['a', 'b', 'c'];
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.array(line, { minLength: 3, maxLength: 3 }),
      async (lines, olds) => {
        const before = `${lines.join('\n')}\n`;
        for (const name of names) tree.put(name, before);
        const sections = names.flatMap((name, index) => [
          `*** Update File: ${name}`,
          '@@',
          `-${olds[index] ?? ''}`,
          '+new',
        ]);
        const patch = ['*** Begin Patch', ...sections, '*** End Patch'].join('\n');
        const { isError } = await tree.call('apply_patch', { patch });
        const unchanged = names.filter((name) => tree.text(name) === before);
        expect(unchanged).toHaveLength(isError ? 3 : 0);
      },
    ),
    { numRuns: 200 },
  );
  await tree.remove();
});
