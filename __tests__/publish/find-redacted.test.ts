import { expect, test } from '@jest/globals';
import { createRedactedFinder } from '../../src/publish/find-redacted.ts';
import { createSink } from '../../src/publish/sink.ts';

const key = `sk-ant-api03-${'q7Zx-4'.repeat(6)}`;
const find = createRedactedFinder(createSink({ secrets: [key] }).plain);

test('a text without a secret has none', () => {
  expect(find('one\r\ntwo\u0000\n')).toEqual([]);
});

test('a key of a vendor is told by its line, as nobody in particular', () => {
  expect(find(`one\nghp_${'a1B2'.repeat(9)}\n`)).toMatchObject([{ own: false, line: 2 }]);
  expect(find(`sk-ant-api03-${'Zz9-yX'.repeat(6)}`)).toMatchObject([{ own: false, line: 1 }]);
});

test.each([
  ['as it is', key],
  ['in base64', Buffer.from(key).toString('base64')],
  ['without its beginning', key.slice(17)],
])('a secret of ours is told as such %s', (_how, text) => {
  expect(find(`one\n\n${text}\n`)).toMatchObject([{ own: true, line: 3 }]);
});

test('a secret of ours that is spread over lines is told where it begins', () => {
  expect(find(`one\n${[...key.slice(13)].join('\n')}\n`)).toMatchObject([{ own: true, line: 2 }]);
});
