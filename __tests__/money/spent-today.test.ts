import { expect, test } from '@jest/globals';
import { spentToday } from '../../src/money/spent-today.ts';

const at = (iso: string, actor: string, costNanoUsd: number) => ({ atMs: Date.parse(iso), actor, costNanoUsd });

test('only the day of the run counts, in UTC, and a login is the same whatever its case', () => {
  const records = [
    at('2026-11-21T23:59:59.999Z', 'ada', 1),
    at('2026-11-22T00:00:00.000Z', 'ada', 20),
    at('2026-11-22T13:00:00.000+02:00', 'Ada', 300),
    at('2026-11-22T23:59:59.999Z', 'bob', 4_000),
    at('2026-11-23T00:00:00.000Z', 'ada', 50_000),
  ];
  const now = { atMs: Date.parse('2026-11-22T12:00:00Z'), actor: 'ADA' };
  expect(spentToday(records, now)).toEqual({ repositoryNanoUsd: 4_320, personNanoUsd: 320 });
  expect(spentToday([], now)).toEqual({ repositoryNanoUsd: 0, personNanoUsd: 0 });
});
