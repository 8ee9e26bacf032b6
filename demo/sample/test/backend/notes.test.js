import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../support/start-app.js';

test('everybody can read the notes, newest first', async (t) => {
  const url = await startApp(t, ['Buy milk', 'Call Ada']);
  const response = await fetch(`${url}/api/notes`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), [
    { id: 2, text: 'Call Ada' },
    { id: 1, text: 'Buy milk' },
  ]);
});

test('the page is served, and the rules it shares with the server', async (t) => {
  const url = await startApp(t);
  const page = await fetch(url);
  assert.match(await page.text(), /<h1>Notes<\/h1>/);
  const rules = await fetch(`${url}/shared/note-rules.js`);
  assert.equal(rules.headers.get('content-type'), 'text/javascript');
});

test('an unknown address is answered with 404', async (t) => {
  const url = await startApp(t);
  for (const path of ['/api/nothing', '/nothing.html', '/../package.json']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
});
