import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAccounts } from '../../src/backend/accounts.js';
import { hashPassword } from '../../src/backend/passwords.js';
import { startApp } from '../support/start-app.js';

const ada = { email: 'ada@example.com', password: 'correct horse' };

const post = (url, body, cookie = '') =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify(body) });

test('a note can be added after login only', async (t) => {
  const url = await startApp(t);
  assert.equal((await post(`${url}/api/notes`, { text: 'Buy milk' })).status, 401);
  const registered = await post(`${url}/api/accounts`, ada);
  assert.equal(registered.status, 201);
  const cookie = registered.headers.get('set-cookie').split(';')[0];
  assert.equal((await post(`${url}/api/notes`, { text: 'Buy milk' }, cookie)).status, 201);
});

test('a wrong password and an unknown email get the same answer', async (t) => {
  const url = await startApp(t);
  await post(`${url}/api/accounts`, ada);
  const wrong = await post(`${url}/api/session`, { ...ada, password: 'battery staple' });
  const unknown = await post(`${url}/api/session`, { ...ada, email: 'eve@example.com' });
  assert.equal(wrong.status, 401);
  assert.equal(unknown.status, 401);
  assert.deepEqual(await wrong.json(), await unknown.json());
});

test('a short password and a taken email are refused', async (t) => {
  const url = await startApp(t);
  assert.equal((await post(`${url}/api/accounts`, { ...ada, password: 'short' })).status, 400);
  await post(`${url}/api/accounts`, ada);
  assert.equal((await post(`${url}/api/accounts`, { ...ada, email: 'ADA@example.com' })).status, 409);
});

test('a password is kept as a hash with its own salt', async () => {
  const hashes = [await hashPassword(ada.password), await hashPassword(ada.password)];
  assert.notEqual(hashes[0], hashes[1]);
  assert.ok(!hashes[0].includes(ada.password));
  const accounts = createAccounts();
  await accounts.add(ada);
  assert.deepEqual(await accounts.find(ada), { email: ada.email });
});
