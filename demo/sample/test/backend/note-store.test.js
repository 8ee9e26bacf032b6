import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNoteStore } from '../../src/backend/note-store.js';
import { noteProblem } from '../../src/shared/note-rules.js';

test('a note gets a number and loses blanks around it', () => {
  assert.deepEqual(createNoteStore(['first']).add('  second '), { id: 2, text: 'second' });
});

test('a note is neither empty nor endless', () => {
  assert.equal(noteProblem('Buy milk'), null);
  assert.match(noteProblem('   '), /some text/);
  assert.match(noteProblem(undefined), /some text/);
  assert.match(noteProblem('a'.repeat(281)), /at most 280/);
});
