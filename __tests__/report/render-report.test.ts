import { describe, expect, test } from '@jest/globals';
import { renderReport } from '../../src/report/render-report.ts';
import { sampleJournal } from '../support/journal-sample.ts';

describe('renderReport', () => {
  const page = renderReport(sampleJournal());

  test.each([
    ['title', 'Let customers reset a forgotten password'],
    ['outcome', 'Partial: draft pull request'],
    ['pull request', '<a href="https://github.example/octo/shop/pull/57"'],
    ['issue', '<a href="https://github.example/octo/shop/issues/42"'],
    ['base', '3c9e1f0a77'],
    ['cost', '$0.31'],
    ['time', '3 min 16 s'],
    ['tokens', '295,964'],
    ['tasks', '2 of 3'],
    ['files changed, by git', '+96 −3 lines'],
    ['acceptance as such', 'acceptance <b>npm test</b>'],
    ['checks after a merge as such', 'check after merging <b>test</b>'],
    ['counts on the result', '58 passed, 1 failed, 3 skipped'],
    ['introduced', 'mail.test.js › sends one mail'],
    ['weakened', 'cart.test.js: &quot;keeps the currency&quot; is skipped'],
    ['flags', 'Look at tools/package.json first (runs at an install, a build or a test). It changes scripts'],
    ['limit', 'limits.max_api_calls'],
    ['lost lines', '2 lines of TASK-001 in src/server/routes.ts'],
    ['warning', 'The model does not take a temperature'],
    ['decision', 'Tokens are stored as hashes'],
    ['rationale', 'A copy of the database must not open accounts.'],
    ['decision on the way', 'TASK-003 could not go on (refused-work), and the manager guided it: The link expires'],
    ['reason of it', 'It only ever looked at the form.'],
    ['question', 'TASK-003 needs an answer: How long shall a link live?'],
    ['verdict of the review', 'Reviewed with a clean context: 1 grave finding open, 1 smaller finding.'],
    ['findings', '<code>src/server/reset.ts:12</code> The token is compared in plain.'],
    ['transcript of the reviewer', 'Transcript of <b>reviewer</b>'],
    ['refused plan', 'both own src/shared/mail.ts'],
    ['claim', 'its own words, not measured'],
    ['what an agent was told', 'You own src/server/**.'],
    ['tool input, as text of several lines', 'const token = randomBytes(32);\n      return hash(token);'],
    ['tool result', 'no such directory: src/wed'],
    ['handed back', 'the form has no label'],
    ['returned by integration', 'src/shared/routes.ts was changed by both.'],
  ])('shows the %s', (_, words) => {
    expect(page).toContain(words);
  });

  test('a journal that stops anywhere still makes a page', () => {
    const whole = sampleJournal().length;
    for (let events = 0; events < whole; events += 1) {
      const partial = renderReport(sampleJournal({ events }));
      expect(partial).toContain('Not finished');
      expect(partial).toContain('</html>');
      expect(partial).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
  });

  test('very long output is cut in the middle, and that is said', () => {
    const long = renderReport(sampleJournal({ foreignText: 'x'.repeat(50_000) }));
    expect(long).toMatch(/\[\d+ characters left out; the journal has them\]/);
  });

  test('letters that hide or turn text are shown by their number', () => {
    expect(renderReport(sampleJournal({ foreignText: 'safe\u202Egnp.exe\u0007' }))).toContain(
      'safe⟨U+202E⟩gnp.exe⟨U+0007⟩',
    );
  });

  test('only http(s) addresses become links', () => {
    const hostile = renderReport(sampleJournal({ url: 'javascript:alert(1)' }));
    expect(hostile).not.toMatch(/href="javascript/i);
    expect(hostile).toContain('Pull request #57');
  });
});

test('transcripts can be left out: what was told, said and run is gone, and the page says how to get it', () => {
  const page = renderReport(sampleJournal(), { transcripts: false });
  for (const part of ['Transcript of', 'You own src/server/**.', 'no such directory: src/wed', 'randomBytes(32)'])
    expect(page).not.toContain(part);
  expect(page).toContain('Left out: anybody may read what a workflow of a public repository uploads.');
  expect(page).toContain('report-transcript: always');
  for (const part of ['58 passed, 1 failed, 3 skipped', 'Tokens are stored as hashes', '$0.31'])
    expect(page).toContain(part);
});

test('of a run that may have shown a credential no word of an agent is in it', () => {
  const exposed = { type: 'credential.exposed', agent: 'TASK-001', place: 'tool result', path: null } as const;
  const entries = sampleJournal();
  const page = renderReport([...entries, { seq: entries.length, atMs: 0, event: exposed }]);
  for (const part of ['Transcript of', 'Tokens are stored as hashes', 'its own words', 'no such directory'])
    expect(page).not.toContain(part);
  expect(page).toContain('Left out, as a credential may have shown in it.');
  expect(page).toContain('Let customers reset a forgotten password');
});
