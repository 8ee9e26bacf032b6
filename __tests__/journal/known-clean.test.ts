import { expect, test } from '@jest/globals';
import { withKnownClean } from '../../src/journal/known-clean.ts';

test('long texts of the journal are not cleaned again, all others are', () => {
  const cleaned: string[] = [];
  const clean = (text: string): string => {
    cleaned.push(text);
    return text.replaceAll('secret', '***');
  };
  const long = 'a line of output\n'.repeat(20);
  const told = { type: 'agent.told', agent: 'TASK-001', turn: 1, text: long } as const;
  const once = withKnownClean([{ seq: 0, atMs: 0, event: told }], clean);
  expect(once(long)).toBe(long);
  expect(cleaned).toEqual([]);
  expect(once(`${long}secret`)).toBe(`${long}***`);
  expect(once('TASK-001')).toBe('TASK-001');
  expect(cleaned).toEqual([`${long}secret`, 'TASK-001']);
});
