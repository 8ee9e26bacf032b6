import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '../../src/frontend/api.js';
import { formProblem, loginState } from '../../src/frontend/login-form.js';

test('only a person who is logged in may add notes', () => {
  assert.deepEqual(loginState(null), { greeting: 'Log in to add notes.', showForm: true, mayAdd: false });
  const state = loginState({ email: 'ada@example.com' });
  assert.equal(state.greeting, 'Logged in as ada@example.com.');
  assert.equal(state.mayAdd, true);
});

test('a new account needs an email and a password of eight characters', () => {
  assert.match(formProblem({ email: 'ada', password: 'correct horse' }, true), /email/);
  assert.match(formProblem({ email: 'ada@example.com', password: 'short' }, true), /at least 8/);
  assert.equal(formProblem({ email: 'ada@example.com', password: 'correct horse' }, true), null);
});

test('logging in needs both fields and leaves the rest to the server', () => {
  assert.match(formProblem({ email: 'ada@example.com', password: '' }, false), /email and password/);
  assert.equal(formProblem({ email: 'ada@example.com', password: 'old' }, false), null);
});

test('the api speaks as the contract says and passes on what the server said', async () => {
  const sent = [];
  const api = createApi(async (path, { method, body }) => {
    sent.push(`${method} ${path} ${body ?? ''}`.trim());
    return method === 'DELETE'
      ? new Response(null, { status: 204 })
      : Response.json({ error: 'Email or password is wrong.' }, { status: 401 });
  });
  await api.logOut();
  await assert.rejects(api.logIn({ email: 'a@b', password: 'x' }), /Email or password is wrong/);
  assert.deepEqual(sent, ['DELETE /api/session', 'POST /api/session {"email":"a@b","password":"x"}']);
});
