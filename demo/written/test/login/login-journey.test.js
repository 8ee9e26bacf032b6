import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../src/frontend/api.js';
import { startApp } from '../support/start-app.js';

const ada = { email: 'ada@example.com', password: 'correct horse' };

/** The page's own api against the real server, with a browser's cookie jar; `answers` are kept as they came. */
function openPage(url) {
  let cookie = '';
  const answers = [];
  const send = async (path, options) => {
    const response = await fetch(url + path, { ...options, headers: { ...options.headers, cookie } });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    answers.push(`${JSON.stringify([...response.headers])} ${await response.clone().text()}`);
    return response;
  };
  return { api: createApi(send), answers };
}

test('a new person registers, adds a note, logs out and can no longer add', async (t) => {
  const { api } = openPage(await startApp(t));
  assert.equal(await api.whoAmI(), null);
  await api.register(ada);
  assert.deepEqual(await api.whoAmI(), { email: ada.email });
  await api.addNote('Buy milk');
  await api.logOut();
  assert.equal(await api.whoAmI(), null);
  await assert.rejects(api.addNote('One more'), /log in/);
  assert.deepEqual(await api.listNotes(), [{ id: 1, text: 'Buy milk' }]);
});

test('a person who comes back logs in, whatever the case of the email', async (t) => {
  const url = await startApp(t);
  await openPage(url).api.register(ada);
  const { api } = openPage(url);
  await assert.rejects(api.logIn({ ...ada, password: 'battery staple' }), /Email or password is wrong/);
  assert.deepEqual(await api.logIn({ ...ada, email: 'Ada@Example.com' }), { email: ada.email });
});

test('two people are logged in apart from each other', async (t) => {
  const url = await startApp(t);
  const [first, second] = [openPage(url).api, openPage(url).api];
  await first.register(ada);
  await second.register({ ...ada, email: 'grace@example.com' });
  await first.logOut();
  assert.deepEqual(await second.whoAmI(), { email: 'grace@example.com' });
});

test('a made-up cookie is nobody', async (t) => {
  const url = await startApp(t);
  const response = await fetch(`${url}/api/session`, { headers: { cookie: 'session=abcdef' } });
  assert.equal(await response.json(), null);
});

test('no answer carries the password, and scripts cannot read the cookie', async (t) => {
  const { api, answers } = openPage(await startApp(t));
  await api.register(ada);
  await api.logIn(ada);
  assert.ok(answers.every((answer) => !answer.includes(ada.password)));
  assert.ok(answers.every((answer) => /session=[0-9a-f]+; HttpOnly/.test(answer)));
});
