// The page itself: the only file that touches the DOM.
import { createApi } from './api.js';
import { formProblem, loginState } from './login-form.js';
import { notesHtml } from './notes-html.js';

const api = createApi();
const element = (id) => document.getElementById(id);

async function showNotes() {
  element('notes').innerHTML = notesHtml(await api.listNotes());
}

function showPerson(person) {
  const { greeting, showForm, mayAdd } = loginState(person);
  element('greeting').textContent = greeting;
  element('login').hidden = !showForm;
  element('log-out').hidden = showForm;
  element('add-note').hidden = !mayAdd;
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

element('login').addEventListener('submit', (event) => {
  event.preventDefault();
  const isNew = event.submitter?.value === 'register';
  attempt(async () => {
    const credentials = { email: element('email').value.trim(), password: element('password').value };
    const problem = formProblem(credentials, isNew);
    if (problem !== null) throw new Error(problem);
    showPerson(await (isNew ? api.register(credentials) : api.logIn(credentials)));
    element('login').reset();
  });
});

element('log-out').addEventListener('click', () =>
  attempt(async () => {
    await api.logOut();
    showPerson(null);
  }),
);

attempt(async () => {
  showPerson(await api.whoAmI());
  await showNotes();
});
