// What the login form shows and says, without the DOM.
import { credentialsProblem } from '../shared/login-rules.js';

/** What page parts look like for a person, or for nobody (null). */
export function loginState(person) {
  return person === null
    ? { greeting: 'Log in to add notes.', showForm: true, mayAdd: false }
    : { greeting: `Logged in as ${person.email}.`, showForm: false, mayAdd: true };
}

/** What to tell a person before anything is sent; null when all is well. Only new accounts follow the rules. */
export function formProblem(credentials, isNew) {
  if (isNew) return credentialsProblem(credentials);
  return credentials.email === '' || credentials.password === '' ? 'Please give email and password.' : null;
}
