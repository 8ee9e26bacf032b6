import { describe, expect, test } from '@jest/globals';
import { readFinishInput, readPlanInput, toolDefinitionsFor } from '../../../src/agent/tools/all.ts';

const toolDefinitions = toolDefinitionsFor('edit');

test('there are seven tools in a fixed order', () => {
  expect(toolDefinitions.map((tool) => tool.name)).toEqual([
    'bash',
    'read',
    'search',
    'edit',
    'write',
    'plan',
    'finish',
  ]);
});

test('models of the patch format get that tool in place of the other, and all else alike', () => {
  const [edit, patch] = [toolDefinitionsFor('edit'), toolDefinitionsFor('apply_patch')];
  expect(patch.map(({ name }) => name)).toEqual(edit.map(({ name }) => (name === 'edit' ? 'apply_patch' : name)));
  expect(patch.filter(({ name }) => name !== 'apply_patch')).toEqual(edit.filter(({ name }) => name !== 'edit'));
  expect(toolDefinitionsFor('edit')).toBe(edit);
});

test.each(['edit', 'apply_patch'] as const)(
  'all tools with %s cost less than 1,500 tokens at 3.5 characters each',
  (format) => {
    const sent = toolDefinitionsFor(format).map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    }));
    expect(JSON.stringify(sent).length / 3.5).toBeLessThan(1_500);
  },
);

describe('schemas', () => {
  const objectSchemas = toolDefinitions
    .flatMap((tool) => nested(tool.inputSchema))
    .filter((schema) => schema['type'] === 'object');

  test('list what is required before the properties and allow nothing else', () => {
    expect(objectSchemas.length).toBeGreaterThan(toolDefinitions.length);
    for (const schema of objectSchemas) {
      const keys = Object.keys(schema);
      expect(keys.indexOf('required')).toBeGreaterThan(-1);
      expect(keys.indexOf('required')).toBeLessThan(keys.indexOf('properties'));
      expect(schema['additionalProperties']).toBe(false);
    }
  });

  test('carry no keyword outside the subset that strict tools accept', () => {
    const allowed = ['type', 'description', 'enum', 'required', 'properties', 'additionalProperties', 'items'];
    for (const schema of toolDefinitions.flatMap((tool) => nested(tool.inputSchema))) {
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(schema)));
    }
  });

  test('say of finish what may be left out', () => {
    const finish = toolDefinitions.find((tool) => tool.name === 'finish');
    expect(finish?.inputSchema['required']).toEqual(['status', 'summary', 'tests_run', 'notes_for_dependents']);
    expect(Object.keys(Object(finish?.inputSchema['properties']))).toContain('question');
  });
});

/** The schema and every schema inside it. */
function nested(schema: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  const { properties, items } = schema;
  const inner = [...Object.values(Object(properties)), items].filter(
    (value) => typeof value === 'object' && value !== null,
  );
  return [schema, ...inner.flatMap((value) => nested(Object(value)))];
}

test('a finish is read with its question, and lists written as JSON are understood', () => {
  const input = {
    status: 'blocked',
    summary: 's',
    tests_run: '["npm test"]',
    notes_for_dependents: '',
    question: 'q?',
  };
  expect(readFinishInput(input)).toEqual({ ok: true, value: { ...input, tests_run: ['npm test'] } });
});

test('a finish or plan that is wrong is answered with what is wrong', () => {
  expect(readFinishInput({ status: 'complete', summary: 's', tests_run: [], notes_for_dependents: '' })).toEqual({
    ok: false,
    message:
      'Invalid arguments for finish:\n- `status`: expected "done" or "blocked" or "needs_split", received string "complete"',
  });
  expect(readPlanInput({ items: [{ text: 'a', status: 'doing' }] })).toMatchObject({ ok: false });
  expect(readPlanInput({ items: [{ text: 'a', status: 'done' }] })).toEqual({
    ok: true,
    value: { items: [{ text: 'a', status: 'done' }] },
  });
});

describe('what an agent says of itself', () => {
  const long = 'x'.repeat(50_000);

  test('is cut to what anybody reads', () => {
    const report = {
      status: 'blocked',
      summary: long,
      tests_run: Array.from({ length: 99 }, () => long),
      notes_for_dependents: long,
      question: long,
    };
    const read = readFinishInput(report);
    if (!read.ok) throw new Error(read.message);
    const { summary, tests_run: tests, notes_for_dependents: notes, question } = read.value;
    for (const text of [summary, notes, question]) expect(text).toBe(`${'x'.repeat(2_000)} [cut]`);
    expect(tests).toEqual(Array.from({ length: 20 }, () => `${'x'.repeat(200)} [cut]`));
  });

  test('so are its steps', () => {
    const read = readPlanInput({ items: Array.from({ length: 99 }, () => ({ text: long, status: 'done' })) });
    expect(read.ok ? read.value.items : []).toEqual(
      Array.from({ length: 50 }, () => ({ text: `${'x'.repeat(200)} [cut]`, status: 'done' })),
    );
  });
});
