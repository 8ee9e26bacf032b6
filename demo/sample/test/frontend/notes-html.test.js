import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notesHtml } from '../../src/frontend/notes-html.js';

test('the text of a note cannot become markup', () => {
  assert.equal(notesHtml([{ text: '<b>&"' }]), '<li>&lt;b&gt;&amp;&quot;</li>');
});

test('an empty board says so', () => {
  assert.equal(notesHtml([]), '<li>No notes yet.</li>');
});
