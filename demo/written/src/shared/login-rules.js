// What server and page agree on for accounts and login.

/** POST Credentials makes an account and logs in: 201 Person, 400 Problem, 409 Problem when the email is taken. */
export const ACCOUNTS_PATH = '/api/accounts';

/** POST Credentials logs in: 200 Person, 401 Problem. GET says who is logged in: 200 Person or null. DELETE: 204. */
export const SESSION_PATH = '/api/session';

/** Shortest password, in characters. */
export const MIN_PASSWORD_LENGTH = 8;

/**
 * @typedef {{ email: string, password: string }} Credentials
 * @typedef {{ email: string }} Person
 * @typedef {{ error: string }} Problem
 */

/** What is wrong with the credentials of a new account, in words for people; null when nothing is. */
export function credentialsProblem({ email, password }) {
  if (typeof email !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(email)) return 'Please give an email address.';
  if (typeof password !== 'string' || password.length < MIN_PASSWORD_LENGTH) {
    return `A password has at least ${MIN_PASSWORD_LENGTH} characters.`;
  }
  return null;
}
