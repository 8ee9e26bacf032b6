// The page itself: the only file that touches the DOM.
import { createApi } from './api.js';
import { notesHtml } from './notes-html.js';

const api = createApi();
const element = (id) => document.getElementById(id);

async function showNotes() {
  element('notes').innerHTML = notesHtml(await api.listNotes());
}

/** Runs what a person asked for and shows what went wrong, if anything did. */
async function attempt(action) {
  element('message').textContent = '';
  try {
    await action();
  } catch (error) {
    element('message').textContent = error.message;
  }
}

element('add-note').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(async () => {
    await api.addNote(element('text').value);
    element('add-note').reset();
    await showNotes();
  });
});

attempt(showNotes);
