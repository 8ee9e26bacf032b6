import { describe, expect, test } from '@jest/globals';
import type { IssueEdits, TextEdit } from '../../src/ports.ts';
import { confirmationReason, neededConfirmation, type AskedRequest } from '../../src/trigger/confirmation.ts';

const at = '2026-11-22T12:00:00Z';
const snapshot = { title: 'T', body: 'B', author: 'ann', url: 'http://github.test/octo/shop/issues/1' };
const byLabel = { source: 'label', command: 'run', actor: 'ann', at, snapshot } as const;
const text = { title: 'Add a login', body: 'Users must log in.' };

const edit = (by: string | null, time: string, part: TextEdit['part'] = 'body'): TextEdit => ({ part, at: time, by });
const history = (...edits: readonly TextEdit[]): IssueEdits => ({
  viewer: { login: 'Ann-at-GitHub', id: 7 },
  edits,
  isWhole: true,
});

const needed = (over: Partial<AskedRequest> = {}) =>
  neededConfirmation({
    trigger: byLabel,
    text,
    base: 'c'.repeat(40),
    edits: history(),
    nowMs: Date.parse(at),
    ...over,
  });

describe('an edit before the run was asked for', () => {
  test.each<[string, TextEdit, boolean]>([
    ['by somebody else, two minutes before', edit('mallory', '2026-11-22T11:58:00Z'), true],
    ['by somebody else, ten minutes before to the second', edit('mallory', '2026-11-22T11:50:00Z'), true],
    ['by somebody else, in the same second', edit('mallory', '2026-11-22T12:00:00Z'), true],
    ['of the title', edit('mallory', '2026-11-22T11:58:00Z', 'title'), true],
    ['by an account that is gone', edit(null, '2026-11-22T11:58:00Z'), true],
    ['by a bot with the name of the one who asks', edit('ann[bot]', '2026-11-22T11:58:00Z'), true],
    ['at a time that nobody can read', edit('mallory', 'just now'), true],
    ['by the one who asks, whatever the case of the login', edit('ANN', '2026-11-22T11:58:00Z'), false],
    ['more than ten minutes before', edit('mallory', '2026-11-22T11:49:59Z'), false],
    ['after it, where the text of the event is used', edit('mallory', '2026-11-22T12:00:01Z'), false],
  ])('%s', (_, late, asks) => {
    const found = needed({ edits: history(late) });
    expect(found === null).toBe(!asks);
    if (found !== null) expect(found.reasons).toEqual([expect.stringContaining(`The ${late.part} was edited by`)]);
  });

  test('is found behind one of the asker that came later', () => {
    const edits = history(edit('ann', '2026-11-22T11:59:00Z'), edit('mallory', '2026-11-22T11:58:00Z'));
    expect(needed({ edits })?.reasons).toEqual([expect.stringContaining('mallory')]);
  });

  test('counts up to now where the text is read now', () => {
    const trigger = { ...byLabel, source: 'dispatch', at: null, snapshot: null } as const;
    expect(needed({ trigger, edits: history(edit('mallory', '2026-11-22T11:58:00Z')) })).not.toBeNull();
    expect(needed({ trigger, edits: history(edit('mallory', '2026-11-22T12:00:30Z')) })).not.toBeNull();
    expect(needed({ trigger, edits: history(edit('mallory', '2026-11-22T11:00:00Z')) })).toBeNull();
  });

  test('at a terminal is held against the account of the token, not against a name of the machine', () => {
    const trigger = { ...byLabel, source: 'terminal', at: null, snapshot: null } as const;
    expect(needed({ trigger, edits: history(edit('ann-at-github', '2026-11-22T11:58:00Z')) })).toBeNull();
    expect(needed({ trigger, edits: history(edit('ann', '2026-11-22T11:58:00Z')) })).not.toBeNull();
  });

  test('is taken for possible when GitHub does not say, or says not all', () => {
    expect(needed({ edits: 'GitHub did not answer: 502' })?.reasons).toEqual([expect.stringContaining('502')]);
    const own = { ...history(edit('ann', '2026-11-22T11:58:00Z')), isWhole: false };
    expect(needed({ edits: own })?.reasons).toEqual([expect.stringContaining('more often than GitHub tells')]);
    expect(needed({ edits: { ...own, edits: [edit('mallory', '2026-11-01T00:00:00Z')] } })).toBeNull();
  });
});

describe('hidden characters', () => {
  test('ask for a confirmation from forty on, title and body together', () => {
    const hidden = (title: number, body: number) =>
      needed({ text: { title: `T${'\u200b'.repeat(title)}`, body: `B${'\u200b'.repeat(body)}` } });
    expect(hidden(20, 19)).toBeNull();
    expect(hidden(20, 20)).toMatchObject({ reasons: [expect.stringContaining('40 characters')] });
    expect(hidden(20, 20)?.hidden).toBe('T⟨U+200B ×20⟩\nB⟨U+200B ×20⟩');
  });

  test('are shown up to a length, and what is left out is counted', () => {
    const body = Array.from({ length: 300 }, (_none, i) => `${i}<!-- ${'x'.repeat(30)} -->`).join('\n');
    const { hidden = '' } = needed({ text: { title: 'T', body } }) ?? {};
    expect(hidden.length).toBeLessThan(4_200);
    expect(hidden).toMatch(/… and \d+ more characters: look at the source/);
  });
});

describe('a confirmation', () => {
  const { hash = '' } = needed({ edits: 'not known' }) ?? {};
  const confirmed = (confirm: string, over: Partial<AskedRequest> = {}) =>
    needed({ edits: null, trigger: { ...byLabel, confirm }, ...over });

  test('by at least the twelve characters that were shown starts the run', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(confirmed(hash.slice(0, 12))).toBeNull();
    expect(confirmed(hash)).toBeNull();
    for (const wrong of ['', hash.slice(0, 11), `${hash}0`, hash.slice(1, 20), 'f'.repeat(12)])
      expect(confirmed(wrong)).toMatchObject({ hash });
  });

  test.each<[string, Partial<AskedRequest>]>([
    ['the title', { text: { ...text, title: 'Add a login!' } }],
    ['the body', { text: { ...text, body: 'Users must log in. ' } }],
    ['a character that nobody sees', { text: { ...text, body: 'Users must log in.\u200b' } }],
    ['the border between title and body', { text: { title: `${text.title}U`, body: text.body.slice(1) } }],
    ['the base', { base: 'd'.repeat(40) }],
  ])('does not fit any more when %s has changed, and the new hash is told', (_, over) => {
    const found = confirmed(hash.slice(0, 12), over);
    expect(found?.reasons[0]).toContain(`The hash ${hash.slice(0, 12)} is not that of the request as it is now`);
    expect(found?.answer).toBe(`/ai-implement confirm ${found?.hash.slice(0, 12) ?? ''}`);
    expect(found?.hash).not.toBe(hash);
  });

  test('is asked for in the place where the run was', () => {
    const shown = hash.slice(0, 12);
    const answer = (over: object) => needed({ edits: 'not known', trigger: { ...byLabel, ...over } })?.answer;
    expect(answer({})).toBe(`/ai-implement confirm ${shown}`);
    expect(answer({ command: 'plan' })).toBe(`/ai-implement plan confirm ${shown}`);
    expect(answer({ source: 'terminal' })).toBe(`--confirm ${shown}`);
    const held = needed({ edits: 'It did not answer.' });
    expect(held && confirmationReason(held)).toBe(
      `GitHub did not say who edited the text, and when: It did not answer. To start the run on the text as it is now, answer \`/ai-implement confirm ${shown}\`.`,
    );
  });
});
